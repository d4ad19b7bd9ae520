-- Which versions of the operator's terms a person has accepted, and when: never changed and never deleted. Owner: server/customers.
create table terms_accepted (
  user_id int not null references users,
  version int not null,
  accepted_at timestamptz not null,
  -- The network address that it was done from.
  address text not null,
  primary key (user_id, version)
);
