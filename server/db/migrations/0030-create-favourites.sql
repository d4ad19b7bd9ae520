-- Services that an account keeps at hand on its pages. Owner: server/catalog.
create table favourites (
  account_id int not null references accounts,
  service_id int not null references services on delete cascade,
  since timestamptz not null,
  primary key (account_id, service_id)
);
