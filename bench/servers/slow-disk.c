// Preloaded into PostgreSQL by slow-disk.ts: every fdatasync takes SLOW_DISK_US microseconds longer, as on a slower disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int fdatasync(int file) {
  static int (*real)(int);
  static long wait;
  if (!real) {
    const char *told = getenv("SLOW_DISK_US");
    wait = told ? atol(told) * 1000 : 0;
    real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  }
  const int answer = real(file);
  struct timespec left = {wait / 1000000000, wait % 1000000000};
  while (nanosleep(&left, &left) != 0) {}
  return answer;
}
