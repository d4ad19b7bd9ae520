-- Owner: server/orders. A table that was analysed while it was empty, as after a restore, is thought to be read fastest whole, until it is
-- analysed again: retry keys and open links were then looked up so for each order of a batch. Every look-up of place_orders() has an index.
do $$ begin execute format('alter function %s set enable_seqscan = off', 'place_orders'::regproc::regprocedure); end $$;
