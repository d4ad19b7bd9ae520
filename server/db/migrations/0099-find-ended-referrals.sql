-- Staff list the referrals that have ended, the newest first. Owner: server/referrals.
create index ended_referrals on referrals (id) where ended_at is not null;
