-- The tables of a vault's state, for SQLite and PostgreSQL alike. BYTES stands for each one's type of bytes.

-- One row: whose state it is.
CREATE TABLE vault (
	hospital BIGINT NOT NULL,
	-- The hash of the chain's first block, once it is known.
	genesis BYTES,
	-- The name under which the gateways of this state hold a bucket.
	holder TEXT NOT NULL,
	-- The key of challenges, so that one gateway's are good at another.
	challenge_key BYTES NOT NULL,
	-- The secret key of the vault's account, which signs receipts, if several gateways share it.
	account_key BYTES
);

-- What is in the store, and until when.
CREATE TABLE files (
	patient BIGINT NOT NULL,
	digest BYTES NOT NULL,
	size BIGINT NOT NULL,
	keep_until BIGINT NOT NULL,
	settled BIGINT NOT NULL,
	quarantined BIGINT,
	-- When its deletion began, by a gateway's clock. No account may upload it before that is over.
	deleting BIGINT,
	PRIMARY KEY (patient, digest)
);
CREATE INDEX files_deleting ON files (deleting) WHERE deleting IS NOT NULL;
CREATE INDEX files_quarantined ON files (quarantined) WHERE quarantined IS NOT NULL;

-- How far garbage collection has come, which looks at some charts each time: at most one row.
CREATE TABLE walk (
	-- The first patient whose chart comes next.
	next BIGINT NOT NULL,
	-- The files of the charts before that, and those of them that were taken.
	files BIGINT NOT NULL,
	taken BIGINT NOT NULL,
	-- The files of all charts in the walk before.
	all_files BIGINT NOT NULL
);

-- The accounts that have sent all of a file.
CREATE TABLE uploaders (
	patient BIGINT NOT NULL,
	digest BYTES NOT NULL,
	account BYTES NOT NULL,
	PRIMARY KEY (patient, digest, account)
);

-- Uploads that are not complete.
CREATE TABLE uploads (
	patient BIGINT NOT NULL,
	digest BYTES NOT NULL,
	account BYTES NOT NULL,
	length BIGINT NOT NULL,
	prepared BIGINT NOT NULL,
	active BIGINT NOT NULL,
	-- The gateway on whose disk the bytes are.
	gateway TEXT NOT NULL,
	PRIMARY KEY (patient, digest, account)
);
CREATE INDEX uploads_active ON uploads (active);

-- Bytes of these in the bucket, one after another.
CREATE TABLE pieces (
	patient BIGINT NOT NULL,
	digest BYTES NOT NULL,
	account BYTES NOT NULL,
	begins BIGINT NOT NULL,
	length BIGINT NOT NULL,
	gateway TEXT NOT NULL,
	PRIMARY KEY (patient, digest, account, begins)
);

-- The use of quotas, changed with what it counts, so that nothing is ever added up.
CREATE TABLE quota_use (
	kind BIGINT NOT NULL,
	subject BYTES NOT NULL,
	bytes BIGINT NOT NULL,
	uploads BIGINT NOT NULL,
	PRIMARY KEY (kind, subject)
);

-- Bearer tokens, by their SHA-256.
CREATE TABLE sessions (
	token BYTES PRIMARY KEY,
	account BYTES NOT NULL,
	challenge TEXT NOT NULL,
	signature BYTES NOT NULL,
	expires BIGINT NOT NULL,
	-- The order of an account's sign-ins.
	opened BIGINT NOT NULL
);
CREATE INDEX sessions_of_account ON sessions (account, opened);
CREATE INDEX sessions_expires ON sessions (expires);

-- Tokens that ended before their time.
CREATE TABLE ended (
	token BYTES PRIMARY KEY,
	expires BIGINT NOT NULL
);
CREATE INDEX ended_expires ON ended (expires);

-- Challenges and signed requests that are used up.
CREATE TABLE nonces (
	account BYTES NOT NULL,
	nonce BYTES NOT NULL,
	expires BIGINT NOT NULL,
	PRIMARY KEY (account, nonce)
);
CREATE INDEX nonces_expires ON nonces (expires);

-- When accounts signed in last.
CREATE TABLE known (
	account BYTES PRIMARY KEY,
	at BIGINT NOT NULL
);
CREATE INDEX known_at ON known (at);

-- The number of each chart's next disclosure.
CREATE TABLE disclosed (
	patient BIGINT PRIMARY KEY,
	next BIGINT NOT NULL
);

-- What was given out, each as a line of JSON.
CREATE TABLE disclosures (
	patient BIGINT NOT NULL,
	number BIGINT NOT NULL,
	-- When it was given out.
	time BIGINT NOT NULL,
	line TEXT NOT NULL,
	PRIMARY KEY (patient, number)
);
CREATE INDEX disclosures_time ON disclosures (time);

-- The sizes of logs of disclosures, if several gateways share them.
CREATE TABLE logs (
	log BIGINT PRIMARY KEY,
	size BIGINT NOT NULL
);

-- The hashes of their trees, in the order in which they were completed.
CREATE TABLE log_hashes (
	log BIGINT NOT NULL,
	place BIGINT NOT NULL,
	hash BYTES NOT NULL,
	PRIMARY KEY (log, place)
);

-- What is in them of each chart, each as a line of JSON.
CREATE TABLE log_lines (
	log BIGINT NOT NULL,
	patient BIGINT NOT NULL,
	number BIGINT NOT NULL,
	leaf BIGINT NOT NULL,
	-- When it was given out.
	time BIGINT NOT NULL,
	line TEXT NOT NULL,
	PRIMARY KEY (log, patient, number)
);
CREATE INDEX log_lines_time ON log_lines (time);

-- Folders of earlier versions of the program that were taken over, and how far.
CREATE TABLE imported (
	gateway TEXT NOT NULL,
	folder TEXT NOT NULL,
	PRIMARY KEY (gateway, folder)
)
