-- Whether a key of staff reads and answers tickets, which are conversations of customers.
alter table staff_keys add column tickets boolean not null default false;
