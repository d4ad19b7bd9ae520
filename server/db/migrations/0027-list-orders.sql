-- What an account's own pages ask for. Owners: api_keys is server/customers', orders server/orders'.

-- Its pages order by a key that nobody holds: a suspension refuses them like any program's, in the same statement.
alter table api_keys add column of_pages boolean not null default false;
create unique index one_key_of_pages_an_account on api_keys (account_id) where of_pages;

-- An account's orders by status, newest first; all of them are a merge of its nine statuses. One index, because each costs placing.
create index orders_of_a_book on orders (book_id, status, id);
-- By link: an order enters when it ends, so that placing pays nothing. Open ones are few, and looked through.
create index ended_orders_of_a_link on orders (book_id, md5(link)) where ended;
