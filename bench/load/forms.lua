-- Posts the bodies of a file, one per text line, over and over. They are rendered before the clock starts, so a request costs the load generator
-- only a table look-up.
local requests = {}
local at = 0

function init(args)
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, nil, body)
  end
  -- Each run begins at another place of the list.
  math.randomseed(os.time())
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"count":%d,"microseconds":%d,"errors":%d,"p50":%d,"p99":%d}\n', summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
