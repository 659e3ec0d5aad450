-- A registry of schema 0008 with one release of one pack, as sqlite3 dumps it, without its search index.
BEGIN TRANSACTION;
CREATE TABLE account (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_name UNIQUE (name), 
	CONSTRAINT ck_account_kind CHECK (kind IN ('person', 'family', 'company', 'institution')), 
	CONSTRAINT ck_account_state CHECK (state IN ('active', 'suspended', 'erased'))
)
 STRICT

;
INSERT INTO "account" VALUES(1,'kim','person','active',1790000000);
INSERT INTO "account" VALUES(2,'acme-owner','person','active',1790000000);
INSERT INTO "account" VALUES(3,'admin','person','active',1790000000);
INSERT INTO "account" VALUES(4,'mia','person','active',1790000000);
CREATE TABLE audit_entry (
	id INTEGER NOT NULL, 
	stream TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	about TEXT NOT NULL, 
	document TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_audit_entry PRIMARY KEY (id), 
	CONSTRAINT uq_audit_entry_stream_number UNIQUE (stream, number)
)
 STRICT

;
INSERT INTO "audit_entry" VALUES(1,'registry',1,1790000000,'system','registry.begin','registry','{"about":"registry","action":"registry.begin","actor":"system","at":1790000000,"facts":{"root":"0b61b6d0528eccd3460d2e6cc34a173373bd321e420706b64a0e24dce2b14603"},"number":1,"previous":"0000000000000000000000000000000000000000000000000000000000000000","reason":"","request_id":"","stream":"registry"}','6014b65a7513477dae49acba056b3e33f9e075cccdfd625d7164b58f0ea76018');
INSERT INTO "audit_entry" VALUES(2,'registry',2,1790000000,'terminal','account.add','member:1','{"about":"member:1","action":"account.add","actor":"terminal","at":1790000000,"facts":{"kind":"person"},"number":2,"previous":"6014b65a7513477dae49acba056b3e33f9e075cccdfd625d7164b58f0ea76018","reason":"","request_id":"","stream":"registry"}','4373512ca065d94050731fa9a4a5c65ebbe8e43cfbb59add38d1d1a622146055');
INSERT INTO "audit_entry" VALUES(3,'registry',3,1790000000,'terminal','role.give','member:1','{"about":"member:1","action":"role.give","actor":"terminal","at":1790000000,"facts":{"role":"reviewer"},"number":3,"previous":"4373512ca065d94050731fa9a4a5c65ebbe8e43cfbb59add38d1d1a622146055","reason":"","request_id":"","stream":"registry"}','dcc77ac79f1c16329d3093979f666f8981bbcc755b16825727ec2dc692bc28df');
INSERT INTO "audit_entry" VALUES(4,'registry',4,1790000000,'terminal','token.create','token:1','{"about":"token:1","action":"token.create","actor":"terminal","at":1790000000,"facts":{"expires_at":"1797776000","scopes":"approve license publish read stats"},"number":4,"previous":"dcc77ac79f1c16329d3093979f666f8981bbcc755b16825727ec2dc692bc28df","reason":"","request_id":"","stream":"registry"}','70417a0edf97c18e4da2bb382c2e64998a1a04a6582c4d506ab0b9fc2c82405c');
INSERT INTO "audit_entry" VALUES(5,'registry',5,1790000000,'terminal','trust.change','trust:trust/reviewers.json','{"about":"trust:trust/reviewers.json","action":"trust.change","actor":"terminal","at":1790000000,"facts":{"log":"6","sha256":"b6b0ab0086a9062d85110ea56bdbcff3f143a2d7b160fc87d6b2319d17c4c966"},"number":5,"previous":"70417a0edf97c18e4da2bb382c2e64998a1a04a6582c4d506ab0b9fc2c82405c","reason":"","request_id":"","stream":"registry"}','fd2f82a0daa1516280473dc216d38e914a67d4a6e038b89545391835d1cd51c0');
INSERT INTO "audit_entry" VALUES(6,'registry',6,1790000000,'terminal','account.add','member:2','{"about":"member:2","action":"account.add","actor":"terminal","at":1790000000,"facts":{"kind":"person"},"number":6,"previous":"fd2f82a0daa1516280473dc216d38e914a67d4a6e038b89545391835d1cd51c0","reason":"","request_id":"","stream":"registry"}','ae310c1c15305b5e9faaaf2072aded2800a66f4da4f3604a4d497dcea4890840');
INSERT INTO "audit_entry" VALUES(7,'registry',7,1790000000,'terminal','token.create','token:2','{"about":"token:2","action":"token.create","actor":"terminal","at":1790000000,"facts":{"expires_at":"1797776000","scopes":"license publish read stats"},"number":7,"previous":"ae310c1c15305b5e9faaaf2072aded2800a66f4da4f3604a4d497dcea4890840","reason":"","request_id":"","stream":"registry"}','af517760f9d845ded3eff2beeadcd5dcc79c5ab2548d1090eb72145e5d4e5260');
INSERT INTO "audit_entry" VALUES(8,'registry',8,1790000000,'member:2','publisher.register','publisher:acme','{"about":"publisher:acme","action":"publisher.register","actor":"member:2","at":1790000000,"facts":{"root":"a03e6953e10e0462f1ac0b7078b480b8e453f7b0332be5d6cbff3c8cc91bed3d"},"number":8,"previous":"af517760f9d845ded3eff2beeadcd5dcc79c5ab2548d1090eb72145e5d4e5260","reason":"","request_id":"1a771041edf7d65e","stream":"registry"}','2416274711387b36317c19349fec5d6591f4430a518a9d695dfa94521d87b6cf');
INSERT INTO "audit_entry" VALUES(9,'registry',9,1790000000,'terminal','account.add','member:3','{"about":"member:3","action":"account.add","actor":"terminal","at":1790000000,"facts":{"kind":"person"},"number":9,"previous":"2416274711387b36317c19349fec5d6591f4430a518a9d695dfa94521d87b6cf","reason":"","request_id":"","stream":"registry"}','a936bc01c72eaa1bb482c44998db0f03e9cd0dbc0d8d1498363fdbd93cf7af9e');
INSERT INTO "audit_entry" VALUES(10,'registry',10,1790000000,'terminal','role.give','member:3','{"about":"member:3","action":"role.give","actor":"terminal","at":1790000000,"facts":{"role":"admin"},"number":10,"previous":"a936bc01c72eaa1bb482c44998db0f03e9cd0dbc0d8d1498363fdbd93cf7af9e","reason":"","request_id":"","stream":"registry"}','e65c4b4172719eeab963418a7f3ad2efa3496e3607a761b46192e75f4662374a');
INSERT INTO "audit_entry" VALUES(11,'registry',11,1790000000,'terminal','token.create','token:3','{"about":"token:3","action":"token.create","actor":"terminal","at":1790000000,"facts":{"expires_at":"1797776000","scopes":"admin license publish read stats"},"number":11,"previous":"e65c4b4172719eeab963418a7f3ad2efa3496e3607a761b46192e75f4662374a","reason":"","request_id":"","stream":"registry"}','d54ea2fd3d4fcb80a75660dd2c7cc3f5ba4b4267d957f314c10bfab33941212a');
INSERT INTO "audit_entry" VALUES(12,'registry',12,1790000000,'member:3','publisher.accept','publisher:acme','{"about":"publisher:acme","action":"publisher.accept","actor":"member:3","at":1790000000,"facts":{"log":"7","root":"a03e6953e10e0462f1ac0b7078b480b8e453f7b0332be5d6cbff3c8cc91bed3d"},"number":12,"previous":"d54ea2fd3d4fcb80a75660dd2c7cc3f5ba4b4267d957f314c10bfab33941212a","reason":"","request_id":"fec418ec920e3527","stream":"registry"}','907c0417dd2f650c7a5a08606b3fcff722c7a339fa11a4b0b0249344fbc319d9');
INSERT INTO "audit_entry" VALUES(13,'registry',13,1790000000,'member:2','submission.open','submission:S-1','{"about":"submission:S-1","action":"submission.open","actor":"member:2","at":1790000000,"facts":{"archive":"ae7430256fb21873615f35af19ebf7bb819bf35eeb6a89588b165c752ee569a5","pack":"acme/icons","version":"1.0.0"},"number":13,"previous":"907c0417dd2f650c7a5a08606b3fcff722c7a339fa11a4b0b0249344fbc319d9","reason":"","request_id":"b7521ef25cc48102","stream":"registry"}','9353ceac336098400735834622107b1e18d2406b199b32227f2dfacc7ffb7801');
INSERT INTO "audit_entry" VALUES(14,'registry',14,1790000000,'member:2','submission.submit','submission:S-1','{"about":"submission:S-1","action":"submission.submit","actor":"member:2","at":1790000000,"facts":{"archive":"ae7430256fb21873615f35af19ebf7bb819bf35eeb6a89588b165c752ee569a5","pack":"acme/icons","statement":"ae9aaf5e33d49333ab38a7a3bb9d0ae12d0c5ea1633c7f552511a5878221491c","to":"pending_review","version":"1.0.0"},"number":14,"previous":"9353ceac336098400735834622107b1e18d2406b199b32227f2dfacc7ffb7801","reason":"","request_id":"bb68220dbb34dcc1","stream":"registry"}','009cee998e185d54edfc098495721bbdceca24be47601352320c543427677892');
INSERT INTO "audit_entry" VALUES(15,'registry',15,1790000000,'member:1','submission.take','submission:S-1','{"about":"submission:S-1","action":"submission.take","actor":"member:1","at":1790000000,"facts":{"pack":"acme/icons","to":"in_review","version":"1.0.0"},"number":15,"previous":"009cee998e185d54edfc098495721bbdceca24be47601352320c543427677892","reason":"","request_id":"5e67dd66184a79cd","stream":"registry"}','8f9f0cd7f14c19c01caf2c43e8cd9356a4ee781b596c11754e7cb76152e250ff');
INSERT INTO "audit_entry" VALUES(16,'registry',16,1790000000,'member:1','submission.decide','submission:S-1','{"about":"submission:S-1","action":"submission.decide","actor":"member:1","at":1790000000,"facts":{"decision":"approved","document":"23fc7718e0ae04f8e3da40ecac847c4ab5f05d346126cc5b59c5033895bc748b","statement":"ae9aaf5e33d49333ab38a7a3bb9d0ae12d0c5ea1633c7f552511a5878221491c"},"number":16,"previous":"8f9f0cd7f14c19c01caf2c43e8cd9356a4ee781b596c11754e7cb76152e250ff","reason":"","request_id":"63622f6aeb944683","stream":"registry"}','01f814fa3b777ab38cd78b0970612d5f9c0b5dc427c62b9dce522082441d6c46');
INSERT INTO "audit_entry" VALUES(17,'registry',17,1790000000,'member:1','submission.approve','submission:S-1','{"about":"submission:S-1","action":"submission.approve","actor":"member:1","at":1790000000,"facts":{"approval":"23fc7718e0ae04f8e3da40ecac847c4ab5f05d346126cc5b59c5033895bc748b","pack":"acme/icons","to":"approved","version":"1.0.0"},"number":17,"previous":"01f814fa3b777ab38cd78b0970612d5f9c0b5dc427c62b9dce522082441d6c46","reason":"","request_id":"63622f6aeb944683","stream":"registry"}','7fb851b6e8e33dd0e7dfc69828b3898a477243c6fc78e097892dd37540f91616');
INSERT INTO "audit_entry" VALUES(18,'registry',18,1790000000,'member:1','release.publish','pack:acme/icons','{"about":"pack:acme/icons","action":"release.publish","actor":"member:1","at":1790000000,"facts":{"log":"8","statement":"ae9aaf5e33d49333ab38a7a3bb9d0ae12d0c5ea1633c7f552511a5878221491c","version":"1.0.0"},"number":18,"previous":"7fb851b6e8e33dd0e7dfc69828b3898a477243c6fc78e097892dd37540f91616","reason":"","request_id":"63622f6aeb944683","stream":"registry"}','4f7678d9192d26b427f1588c5b310d18af39403e62704c403ba38c6b8c45ecd5');
INSERT INTO "audit_entry" VALUES(19,'registry',19,1790000000,'system','submission.publish','submission:S-1','{"about":"submission:S-1","action":"submission.publish","actor":"system","at":1790000000,"facts":{"log":"8","pack":"acme/icons","to":"published","version":"1.0.0"},"number":19,"previous":"4f7678d9192d26b427f1588c5b310d18af39403e62704c403ba38c6b8c45ecd5","reason":"","request_id":"","stream":"registry"}','f947b0bac5ebaa8241c1daff64cf6e8e81c47679b9046a36351f464d4fc9352c');
INSERT INTO "audit_entry" VALUES(20,'registry',20,1790000000,'terminal','account.add','member:4','{"about":"member:4","action":"account.add","actor":"terminal","at":1790000000,"facts":{"kind":"person"},"number":20,"previous":"f947b0bac5ebaa8241c1daff64cf6e8e81c47679b9046a36351f464d4fc9352c","reason":"","request_id":"","stream":"registry"}','73a60498f1148d4235209af5428d54a7ea3e39b3d4bf89092c60383cf3820278');
INSERT INTO "audit_entry" VALUES(21,'registry',21,1790000000,'terminal','token.create','token:4','{"about":"token:4","action":"token.create","actor":"terminal","at":1790000000,"facts":{"expires_at":"1797776000","scopes":"license publish read stats"},"number":21,"previous":"73a60498f1148d4235209af5428d54a7ea3e39b3d4bf89092c60383cf3820278","reason":"","request_id":"","stream":"registry"}','03fe96db607d0c3121008081bdf616328425a879bedcc4cec4e9dc7b958dfe97');
CREATE TABLE audit_stream (
	name TEXT NOT NULL, 
	length INTEGER NOT NULL, 
	head TEXT NOT NULL, 
	CONSTRAINT pk_audit_stream PRIMARY KEY (name), 
	CONSTRAINT ck_audit_stream_length CHECK (length >= 0)
)
 STRICT

;
INSERT INTO "audit_stream" VALUES('registry',21,'03fe96db607d0c3121008081bdf616328425a879bedcc4cec4e9dc7b958dfe97');
CREATE TABLE log_document (
	digest TEXT NOT NULL, 
	envelope TEXT NOT NULL, 
	CONSTRAINT pk_log_document PRIMARY KEY (digest)
)
 STRICT

;
INSERT INTO "log_document" VALUES('a03e6953e10e0462f1ac0b7078b480b8e453f7b0332be5d6cbff3c8cc91bed3d','{"payload":"eyJjb21wcm9taXNlZCI6W10sImNvbnRhY3QiOiJrZXlzQGFjbWUuZXhhbXBsZSIsImNyZWF0ZWQiOiIyMDI2LTA5LTIxVDE0OjEzOjIwWiIsIm93bmVycyI6eyJrZXlzIjpbeyJrZXkiOiJNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUU0aTZadmd2V0Jjb1dpazhEeTNMZ0lYSlM2QXhPYm5LKzFySDJYNkZJTVZGVDZZeENzN0VmSUtYZEQwUWh3eVc3eFoxdHEyamZmQ0pFWkJ1cU5TaEo5Zz09IiwibmFtZSI6ImFjbWUtb3duZXIifV0sInRocmVzaG9sZCI6MX0sInB1Ymxpc2hlciI6ImFjbWUiLCJyZWxlYXNlIjp7ImtleXMiOlt7ImtleSI6Ik1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRWpJSWx6RVNqNUszWnNjWWxYdTN1dUNUTmpJVUZKeUJQWVRBZmp1V3pIQ1N6UTRQSUtNR3FMcEZoYUV1bkZNRmxmSlJudVRUYWF3c0tCMXBJUTN4Qk5nPT0iLCJuYW1lIjoiYWNtZS1yZWxlYXNlLTEifV0sInRocmVzaG9sZCI6MX0sInYiOjEsInZlcnNpb24iOjF9","payloadType":"application/vnd.packctl.publisher-root.v1+json","signatures":[{"keyid":"98fd8373c21bcdf4a45e8a64227ecad42eebf18acd1a93ec89da5bce0d4efc49","sig":"MEQCIAkurU9QfFPjY7ZaPHIZGnwZPkkCQDWDR/XJFOJuApohAiBlh5S4Mm4qQfwR7vIzmWLR1i5/8bdm3uedEvCYwk6O6g=="}]}');
INSERT INTO "log_document" VALUES('ae9aaf5e33d49333ab38a7a3bb9d0ae12d0c5ea1633c7f552511a5878221491c','{"payload":"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJwcmVkaWNhdGUiOnsiYW5jaG9yIjoiYTAzZTY5NTNlMTBlMDQ2MmYxYWMwYjcwNzhiNDgwYjhlNDUzZjdiMDMzMmJlNWQ2Y2JmZjNjOGNjOTFiZWQzZCIsImFyY2hpdmUiOnsic2hhMjU2IjoiYWU3NDMwMjU2ZmIyMTg3MzYxNWYzNWFmMTllYmY3YmI4MTliZjM1ZWViNmE4OTU4OGIxNjVjNzUyZWU1NjlhNSIsInNpemUiOjMyMn0sImF0dGFjaGVkIjpbXSwiY29udGVudCI6IjRiZWVmZDhhNzBhMTE0MzU0ZjZkY2I3NDY0MDMzYjg0MzJkYjJiYTcwYzZkNDEyMTg3YWQ0ZGUyOTI5NGZkNzgiLCJjcmVhdGVkIjoiMjAyNi0wOS0yMVQxNDoxMzoyMFoiLCJmYWN0cyI6eyJjb25mbGljdHMiOltdLCJkZXBlbmRlbmNpZXMiOltdLCJmZWF0dXJlcyI6W10sImhvc3RzIjp7fSwia2luZCI6ImNvbnRlbnQiLCJwYWNrYWdlcyI6W119LCJmaWxlcyI6MiwibGljZW5zZSI6IkNDLUJZLTQuMCIsIm1hbmlmZXN0IjoiZGU4ZmQyMTAxYzU4YWM5NGU0MDcxNDhhYzY0NDgxNjlmYWNlOTBiYzUzNzJmZTRlMWU2NmEwMTQ0NzA3ZjYwZSIsInBhY2siOiJhY21lL2ljb25zIiwicGFpZCI6ZmFsc2UsInB1Ymxpc2hlciI6ImFjbWUiLCJ0cmVlIjp7InNoYTI1NiI6ImM5NTI3OGMyOTIzODY3Yjg3OTUxYTQ2NzNjMDM2ZTY4OWI2ZDI2NDAwZWVmZjI1NTUxYjgwOWM5ZjkxZTU1ZTgiLCJzaXplIjoxODN9LCJ1bnBhY2tlZCI6MTIwLCJ2IjoxLCJ2ZXJzaW9uIjoiMS4wLjAifSwicHJlZGljYXRlVHlwZSI6InVybjpwYWNrY3RsOnJlbGVhc2U6djEiLCJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiYWU3NDMwMjU2ZmIyMTg3MzYxNWYzNWFmMTllYmY3YmI4MTliZjM1ZWViNmE4OTU4OGIxNjVjNzUyZWU1NjlhNSJ9LCJuYW1lIjoiYWNtZS9pY29uc0AxLjAuMCJ9XX0=","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"a83308081ba03577770b300b42bfc2874782133f6ef31b7d4f98c34681dd16a5","sig":"MEQCIDKL94y7KqSqoviI7uNt9HpFE+eu/DvGJdFhVOntLnewAiAYNrE+HgziVbiUKZwGzOC4oND6lrLTXp9a/KtBkeM0Bw=="}]}');
INSERT INTO "log_document" VALUES('23fc7718e0ae04f8e3da40ecac847c4ab5f05d346126cc5b59c5033895bc748b','{"payload":"eyJhcmNoaXZlIjoiYWU3NDMwMjU2ZmIyMTg3MzYxNWYzNWFmMTllYmY3YmI4MTliZjM1ZWViNmE4OTU4OGIxNjVjNzUyZWU1NjlhNSIsImF0IjoxNzkwMDAwMDAwLCJjaGVja3MiOiI1MTQzMTM5ZDkzYTliMzQ4OWRhOTkzZGE5YWQ0ZjlhNjJlZWExODFkMTJmNzg2NzViMzUzMDNhNjg1OTljMDZiIiwiZGVjaXNpb24iOiJhcHByb3ZlZCIsInBhY2siOiJhY21lL2ljb25zIiwic2FmZXR5IjoiY2VydGlmaWVkIiwic3RhdGVtZW50IjoiYWU5YWFmNWUzM2Q0OTMzM2FiMzhhN2EzYmI5ZDBhZTEyZDBjNWVhMTYzM2M3ZjU1MjUxMWE1ODc4MjIxNDkxYyIsInN1Ym1pc3Npb24iOiJTLTEiLCJ2IjoxLCJ2ZXJzaW9uIjoiMS4wLjAifQ==","payloadType":"application/vnd.packctl.approval.v1+json","signatures":[{"keyid":"d3523990afde25814ad8079b93683ce0b870730cea2a71a3f9f32e68bcac880d","sig":"MEQCIBZ0lp9XK3A8UM6T/V0hJ7SYIAKJO7cNuAgtu0qdoYxIAiBxCGJFdXKFVcoVCBtWGONa2N/beuQTG7tOk48pMRGQCA=="}]}');
CREATE TABLE log_entry (
	number INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	CONSTRAINT pk_log_entry PRIMARY KEY (number), 
	CONSTRAINT ck_log_entry_number CHECK (number >= 0)
)
 STRICT

;
INSERT INTO "log_entry" VALUES(0,1790000000,'{"at":1790000000,"sha256":"0b61b6d0528eccd3460d2e6cc34a173373bd321e420706b64a0e24dce2b14603","type":"tuf-root","v":1,"version":1}');
INSERT INTO "log_entry" VALUES(1,1790000000,'{"at":1790000000,"file":"trust/license-keys.json","sha256":"9638d11914735d0072002dd4d67c734a94ee7a0cd845e6dcbc984ee7581860a7","type":"trust","v":1}');
INSERT INTO "log_entry" VALUES(2,1790000000,'{"at":1790000000,"file":"trust/log.json","sha256":"fbd34832bfd42fae820e25eb991f226cf3b728a6fe79411e52bc2176286d6da6","type":"trust","v":1}');
INSERT INTO "log_entry" VALUES(3,1790000000,'{"at":1790000000,"file":"trust/policy.json","sha256":"b03b436327f4d26293fb4d8f308d9dd9e8cf7e108f6b2e9ea0d1405e4bb4ac51","type":"trust","v":1}');
INSERT INTO "log_entry" VALUES(4,1790000000,'{"at":1790000000,"file":"trust/resets.json","sha256":"c210a90dee05711a0187786a8f6c06420623e4a6a7fe2921dbd0bb45de0b4eff","type":"trust","v":1}');
INSERT INTO "log_entry" VALUES(5,1790000000,'{"at":1790000000,"file":"trust/reviewers.json","sha256":"1d56716046a4ac2b8b2df22c2475b55ed342a6d2f2efbf0792603a4ccd6c7b4f","type":"trust","v":1}');
INSERT INTO "log_entry" VALUES(6,1790000000,'{"at":1790000000,"file":"trust/reviewers.json","sha256":"b6b0ab0086a9062d85110ea56bdbcff3f143a2d7b160fc87d6b2319d17c4c966","type":"trust","v":1}');
INSERT INTO "log_entry" VALUES(7,1790000000,'{"at":1790000000,"publisher":"acme","root":"a03e6953e10e0462f1ac0b7078b480b8e453f7b0332be5d6cbff3c8cc91bed3d","type":"root","v":1,"version":1}');
INSERT INTO "log_entry" VALUES(8,1790000000,'{"approvals":["23fc7718e0ae04f8e3da40ecac847c4ab5f05d346126cc5b59c5033895bc748b"],"archive":"ae7430256fb21873615f35af19ebf7bb819bf35eeb6a89588b165c752ee569a5","at":1790000000,"pack":"acme/icons","publisher":"acme","statement":"ae9aaf5e33d49333ab38a7a3bb9d0ae12d0c5ea1633c7f552511a5878221491c","type":"publish","v":1,"version":"1.0.0"}');
CREATE TABLE log_root (
	size INTEGER NOT NULL, 
	root TEXT NOT NULL, 
	CONSTRAINT pk_log_root PRIMARY KEY (size)
)
 STRICT

;
INSERT INTO "log_root" VALUES(6,'ebd98965355229e9824da1646a2627d6ca4d918a3fa55b48d3af24c8236509f2');
INSERT INTO "log_root" VALUES(7,'26c11a80d68ad21b25210e7c739c5105f30bc003e4155585c73f41b476d08b44');
INSERT INTO "log_root" VALUES(8,'45a167d2380057930ec331132b6c1b247b1f2dd63771b3f0eacbd064c90a5f57');
INSERT INTO "log_root" VALUES(9,'50933f8fd92ace6a5031b9a38e05c0add55c02fcb40a67ca73cdf0c00d14d410');
CREATE TABLE member (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	display_name TEXT NOT NULL, 
	is_owner INTEGER NOT NULL, 
	created_at INTEGER NOT NULL, 
	CONSTRAINT pk_member PRIMARY KEY (id), 
	CONSTRAINT fk_member_account_id FOREIGN KEY(account_id) REFERENCES account (id), 
	CONSTRAINT ck_member_kind CHECK (kind IN ('adult', 'child')), 
	CONSTRAINT ck_member_is_owner CHECK (is_owner IN (0, 1))
)
 STRICT

;
INSERT INTO "member" VALUES(1,1,'adult','kim',1,1790000000);
INSERT INTO "member" VALUES(2,2,'adult','acme-owner',1,1790000000);
INSERT INTO "member" VALUES(3,3,'adult','admin',1,1790000000);
INSERT INTO "member" VALUES(4,4,'adult','mia',1,1790000000);
CREATE TABLE pack (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	publisher TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	latest TEXT, 
	title TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	license TEXT NOT NULL, 
	paid INTEGER NOT NULL, 
	category TEXT NOT NULL, 
	subcategory TEXT NOT NULL, 
	age_min INTEGER, 
	age_max INTEGER, 
	price_minor INTEGER NOT NULL, 
	deprecated INTEGER NOT NULL, 
	published_at INTEGER NOT NULL, 
	CONSTRAINT pk_pack PRIMARY KEY (id), 
	CONSTRAINT uq_pack_name UNIQUE (name), 
	CONSTRAINT fk_pack_publisher FOREIGN KEY(publisher) REFERENCES publisher (name), 
	CONSTRAINT ck_pack_kind CHECK (kind IN ('content', 'module', 'tool'))
)
 STRICT

;
INSERT INTO "pack" VALUES(1,'acme/icons','acme','content',1790000000,'1.0.0','icons','Things of acme/icons','CC-BY-4.0',0,'icons','',NULL,NULL,0,0,1790000000);
CREATE TABLE pack_label (
	pack_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_pack_label PRIMARY KEY (pack_id, kind, value), 
	CONSTRAINT fk_pack_label_pack_id FOREIGN KEY(pack_id) REFERENCES pack (id), 
	CONSTRAINT ck_pack_label_kind CHECK (kind IN ('tag', 'feature', 'subject', 'grade', 'modality', 'language', 'focus'))
)
 STRICT

;
CREATE TABLE publisher (
	name TEXT NOT NULL, 
	display_name TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	state TEXT NOT NULL, 
	is_verified INTEGER NOT NULL, 
	registered_at INTEGER NOT NULL, 
	looks_like TEXT NOT NULL, 
	CONSTRAINT pk_publisher PRIMARY KEY (name), 
	CONSTRAINT ck_publisher_origin CHECK (origin IN ('first-party', 'third-party')), 
	CONSTRAINT ck_publisher_state CHECK (state IN ('pending', 'active', 'suspended'))
)
 STRICT

;
INSERT INTO "publisher" VALUES('acme','Acme','third-party','active',0,1790000000,'');
CREATE TABLE publisher_member (
	publisher TEXT NOT NULL, 
	member_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	CONSTRAINT pk_publisher_member PRIMARY KEY (publisher, member_id), 
	CONSTRAINT fk_publisher_member_publisher FOREIGN KEY(publisher) REFERENCES publisher (name), 
	CONSTRAINT fk_publisher_member_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT ck_publisher_member_role CHECK (role IN ('owner', 'maintainer', 'analyst'))
)
 STRICT

;
INSERT INTO "publisher_member" VALUES('acme',2,'owner');
CREATE TABLE publisher_root (
	publisher TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	envelope TEXT NOT NULL, 
	log_number INTEGER, 
	logged_at INTEGER, 
	CONSTRAINT pk_publisher_root PRIMARY KEY (publisher, version), 
	CONSTRAINT fk_publisher_root_publisher FOREIGN KEY(publisher) REFERENCES publisher (name), 
	CONSTRAINT ck_publisher_root_version CHECK (version >= 1)
)
 STRICT

;
INSERT INTO "publisher_root" VALUES('acme',1,'a03e6953e10e0462f1ac0b7078b480b8e453f7b0332be5d6cbff3c8cc91bed3d','{"payload":"eyJjb21wcm9taXNlZCI6W10sImNvbnRhY3QiOiJrZXlzQGFjbWUuZXhhbXBsZSIsImNyZWF0ZWQiOiIyMDI2LTA5LTIxVDE0OjEzOjIwWiIsIm93bmVycyI6eyJrZXlzIjpbeyJrZXkiOiJNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUU0aTZadmd2V0Jjb1dpazhEeTNMZ0lYSlM2QXhPYm5LKzFySDJYNkZJTVZGVDZZeENzN0VmSUtYZEQwUWh3eVc3eFoxdHEyamZmQ0pFWkJ1cU5TaEo5Zz09IiwibmFtZSI6ImFjbWUtb3duZXIifV0sInRocmVzaG9sZCI6MX0sInB1Ymxpc2hlciI6ImFjbWUiLCJyZWxlYXNlIjp7ImtleXMiOlt7ImtleSI6Ik1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRWpJSWx6RVNqNUszWnNjWWxYdTN1dUNUTmpJVUZKeUJQWVRBZmp1V3pIQ1N6UTRQSUtNR3FMcEZoYUV1bkZNRmxmSlJudVRUYWF3c0tCMXBJUTN4Qk5nPT0iLCJuYW1lIjoiYWNtZS1yZWxlYXNlLTEifV0sInRocmVzaG9sZCI6MX0sInYiOjEsInZlcnNpb24iOjF9","payloadType":"application/vnd.packctl.publisher-root.v1+json","signatures":[{"keyid":"98fd8373c21bcdf4a45e8a64227ecad42eebf18acd1a93ec89da5bce0d4efc49","sig":"MEQCIAkurU9QfFPjY7ZaPHIZGnwZPkkCQDWDR/XJFOJuApohAiBlh5S4Mm4qQfwR7vIzmWLR1i5/8bdm3uedEvCYwk6O6g=="}]}',7,1790000000);
CREATE TABLE registry_role (
	member_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	given_by TEXT NOT NULL, 
	given_at INTEGER NOT NULL, 
	CONSTRAINT pk_registry_role PRIMARY KEY (member_id, role), 
	CONSTRAINT fk_registry_role_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT ck_registry_role_role CHECK (role IN ('admin', 'reviewer'))
)
 STRICT

;
INSERT INTO "registry_role" VALUES(1,'reviewer','terminal',1790000000);
INSERT INTO "registry_role" VALUES(3,'admin','terminal',1790000000);
CREATE TABLE release (
	pack_id INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	state TEXT NOT NULL, 
	log_number INTEGER NOT NULL, 
	published_at INTEGER NOT NULL, 
	statement TEXT NOT NULL, 
	archive TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	tree TEXT NOT NULL, 
	manifest TEXT NOT NULL, 
	pictures TEXT NOT NULL, 
	unpacked INTEGER NOT NULL, 
	files INTEGER NOT NULL, 
	license TEXT NOT NULL, 
	paid INTEGER NOT NULL, 
	description TEXT NOT NULL, 
	changelog TEXT NOT NULL, 
	listing TEXT NOT NULL, 
	CONSTRAINT pk_release PRIMARY KEY (pack_id, version), 
	CONSTRAINT fk_release_pack_id FOREIGN KEY(pack_id) REFERENCES pack (id), 
	CONSTRAINT uq_release_log_number UNIQUE (log_number), 
	CONSTRAINT ck_release_state CHECK (state IN ('published', 'deprecated', 'yanked', 'recalled'))
)
 STRICT

;
INSERT INTO "release" VALUES(1,'1.0.0','published',8,1790000000,'ae9aaf5e33d49333ab38a7a3bb9d0ae12d0c5ea1633c7f552511a5878221491c','ae7430256fb21873615f35af19ebf7bb819bf35eeb6a89588b165c752ee569a5',322,'c95278c2923867b87951a4673c036e689b6d26400eeff25551b809c9f91e55e8','de8fd2101c58ac94e407148ac6448169face90bc5372fe4e1e66a0144707f60e','44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',120,2,'CC-BY-4.0',0,'','','{"ages":null,"assets":1,"category":"icons","currency":"","features":[],"focus":[],"grades":[],"languages":[],"links":{},"modalities":[],"needs":[],"objectives":[],"price_minor":0,"subcategory":"","subjects":[],"summary":"Things of acme/icons","tags":[],"title":"icons"}');
CREATE TABLE release_mark (
	pack_id INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	note TEXT NOT NULL, 
	use TEXT NOT NULL, 
	log_number INTEGER NOT NULL, 
	CONSTRAINT pk_release_mark PRIMARY KEY (pack_id, version, kind), 
	CONSTRAINT fk_release_mark_pack_id_version FOREIGN KEY(pack_id, version) REFERENCES release (pack_id, version), 
	CONSTRAINT ck_release_mark_kind CHECK (kind IN ('deprecation', 'yank'))
)
 STRICT

;
CREATE TABLE release_need (
	pack_id INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	needs TEXT NOT NULL, 
	range TEXT NOT NULL, 
	CONSTRAINT pk_release_need PRIMARY KEY (pack_id, version, needs), 
	CONSTRAINT fk_release_need_pack_id_version FOREIGN KEY(pack_id, version) REFERENCES release (pack_id, version)
)
 STRICT

;
CREATE TABLE release_recall (
	pack_id INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	action TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	note TEXT NOT NULL, 
	replacement TEXT NOT NULL, 
	by_registry INTEGER NOT NULL, 
	log_number INTEGER NOT NULL, 
	CONSTRAINT pk_release_recall PRIMARY KEY (pack_id, version), 
	CONSTRAINT fk_release_recall_pack_id_version FOREIGN KEY(pack_id, version) REFERENCES release (pack_id, version), 
	CONSTRAINT ck_release_recall_action CHECK (action IN ('warn', 'stop'))
)
 STRICT

;
CREATE TABLE schema_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT schema_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "schema_version" VALUES('0008');
CREATE TABLE submission (
	number INTEGER NOT NULL, 
	pack TEXT NOT NULL, 
	publisher TEXT NOT NULL, 
	version TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	archive TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	opened_by INTEGER NOT NULL, 
	opened_at INTEGER NOT NULL, 
	handed_in_by INTEGER, 
	handed_in_at INTEGER, 
	round INTEGER NOT NULL, 
	statement TEXT, 
	envelope TEXT, 
	report TEXT, 
	texts TEXT NOT NULL, 
	note TEXT NOT NULL, 
	hold INTEGER NOT NULL, 
	taken_by INTEGER, 
	log_number INTEGER, 
	published_at INTEGER, 
	CONSTRAINT pk_submission PRIMARY KEY (number), 
	CONSTRAINT fk_submission_publisher FOREIGN KEY(publisher) REFERENCES publisher (name), 
	CONSTRAINT fk_submission_opened_by FOREIGN KEY(opened_by) REFERENCES member (id), 
	CONSTRAINT fk_submission_handed_in_by FOREIGN KEY(handed_in_by) REFERENCES member (id), 
	CONSTRAINT fk_submission_taken_by FOREIGN KEY(taken_by) REFERENCES member (id), 
	CONSTRAINT ck_submission_state CHECK (state IN ('draft', 'pending_review', 'in_review', 'approved', 'rejected', 'published'))
)
 STRICT

;
INSERT INTO "submission" VALUES(1,'acme/icons','acme','1.0.0','content','published','ae7430256fb21873615f35af19ebf7bb819bf35eeb6a89588b165c752ee569a5',322,2,1790000000,2,1790000000,1,'ae9aaf5e33d49333ab38a7a3bb9d0ae12d0c5ea1633c7f552511a5878221491c','{"payload":"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJwcmVkaWNhdGUiOnsiYW5jaG9yIjoiYTAzZTY5NTNlMTBlMDQ2MmYxYWMwYjcwNzhiNDgwYjhlNDUzZjdiMDMzMmJlNWQ2Y2JmZjNjOGNjOTFiZWQzZCIsImFyY2hpdmUiOnsic2hhMjU2IjoiYWU3NDMwMjU2ZmIyMTg3MzYxNWYzNWFmMTllYmY3YmI4MTliZjM1ZWViNmE4OTU4OGIxNjVjNzUyZWU1NjlhNSIsInNpemUiOjMyMn0sImF0dGFjaGVkIjpbXSwiY29udGVudCI6IjRiZWVmZDhhNzBhMTE0MzU0ZjZkY2I3NDY0MDMzYjg0MzJkYjJiYTcwYzZkNDEyMTg3YWQ0ZGUyOTI5NGZkNzgiLCJjcmVhdGVkIjoiMjAyNi0wOS0yMVQxNDoxMzoyMFoiLCJmYWN0cyI6eyJjb25mbGljdHMiOltdLCJkZXBlbmRlbmNpZXMiOltdLCJmZWF0dXJlcyI6W10sImhvc3RzIjp7fSwia2luZCI6ImNvbnRlbnQiLCJwYWNrYWdlcyI6W119LCJmaWxlcyI6MiwibGljZW5zZSI6IkNDLUJZLTQuMCIsIm1hbmlmZXN0IjoiZGU4ZmQyMTAxYzU4YWM5NGU0MDcxNDhhYzY0NDgxNjlmYWNlOTBiYzUzNzJmZTRlMWU2NmEwMTQ0NzA3ZjYwZSIsInBhY2siOiJhY21lL2ljb25zIiwicGFpZCI6ZmFsc2UsInB1Ymxpc2hlciI6ImFjbWUiLCJ0cmVlIjp7InNoYTI1NiI6ImM5NTI3OGMyOTIzODY3Yjg3OTUxYTQ2NzNjMDM2ZTY4OWI2ZDI2NDAwZWVmZjI1NTUxYjgwOWM5ZjkxZTU1ZTgiLCJzaXplIjoxODN9LCJ1bnBhY2tlZCI6MTIwLCJ2IjoxLCJ2ZXJzaW9uIjoiMS4wLjAifSwicHJlZGljYXRlVHlwZSI6InVybjpwYWNrY3RsOnJlbGVhc2U6djEiLCJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiYWU3NDMwMjU2ZmIyMTg3MzYxNWYzNWFmMTllYmY3YmI4MTliZjM1ZWViNmE4OTU4OGIxNjVjNzUyZWU1NjlhNSJ9LCJuYW1lIjoiYWNtZS9pY29uc0AxLjAuMCJ9XX0=","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"a83308081ba03577770b300b42bfc2874782133f6ef31b7d4f98c34681dd16a5","sig":"MEQCIDKL94y7KqSqoviI7uNt9HpFE+eu/DvGJdFhVOntLnewAiAYNrE+HgziVbiUKZwGzOC4oND6lrLTXp9a/KtBkeM0Bw=="}]}','{"archive":"ae7430256fb21873615f35af19ebf7bb819bf35eeb6a89588b165c752ee569a5","findings":[],"v":1}','{"changelog":"","description":"","listing":{"ages":null,"assets":1,"category":"icons","currency":"","features":[],"focus":[],"grades":[],"languages":[],"links":{},"modalities":[],"needs":[],"objectives":[],"price_minor":0,"subcategory":"","subjects":[],"summary":"Things of acme/icons","tags":[],"title":"icons"},"pictures":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}','',0,1,8,1790000000);
CREATE TABLE submission_approval (
	submission INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	round INTEGER NOT NULL, 
	decision TEXT NOT NULL, 
	at INTEGER NOT NULL, 
	envelope TEXT NOT NULL, 
	CONSTRAINT pk_submission_approval PRIMARY KEY (submission, member_id, digest), 
	CONSTRAINT fk_submission_approval_submission FOREIGN KEY(submission) REFERENCES submission (number), 
	CONSTRAINT fk_submission_approval_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT ck_submission_approval_decision CHECK (decision IN ('approved', 'rejected'))
)
 STRICT

;
INSERT INTO "submission_approval" VALUES(1,1,'23fc7718e0ae04f8e3da40ecac847c4ab5f05d346126cc5b59c5033895bc748b',1,'approved',1790000000,'{"payload":"eyJhcmNoaXZlIjoiYWU3NDMwMjU2ZmIyMTg3MzYxNWYzNWFmMTllYmY3YmI4MTliZjM1ZWViNmE4OTU4OGIxNjVjNzUyZWU1NjlhNSIsImF0IjoxNzkwMDAwMDAwLCJjaGVja3MiOiI1MTQzMTM5ZDkzYTliMzQ4OWRhOTkzZGE5YWQ0ZjlhNjJlZWExODFkMTJmNzg2NzViMzUzMDNhNjg1OTljMDZiIiwiZGVjaXNpb24iOiJhcHByb3ZlZCIsInBhY2siOiJhY21lL2ljb25zIiwic2FmZXR5IjoiY2VydGlmaWVkIiwic3RhdGVtZW50IjoiYWU5YWFmNWUzM2Q0OTMzM2FiMzhhN2EzYmI5ZDBhZTEyZDBjNWVhMTYzM2M3ZjU1MjUxMWE1ODc4MjIxNDkxYyIsInN1Ym1pc3Npb24iOiJTLTEiLCJ2IjoxLCJ2ZXJzaW9uIjoiMS4wLjAifQ==","payloadType":"application/vnd.packctl.approval.v1+json","signatures":[{"keyid":"d3523990afde25814ad8079b93683ce0b870730cea2a71a3f9f32e68bcac880d","sig":"MEQCIBZ0lp9XK3A8UM6T/V0hJ7SYIAKJO7cNuAgtu0qdoYxIAiBxCGJFdXKFVcoVCBtWGONa2N/beuQTG7tOk48pMRGQCA=="}]}');
CREATE TABLE submission_move (
	submission INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	member_id INTEGER, 
	event TEXT NOT NULL, 
	from_state TEXT NOT NULL, 
	to_state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_submission_move PRIMARY KEY (submission, number), 
	CONSTRAINT fk_submission_move_submission FOREIGN KEY(submission) REFERENCES submission (number)
)
 STRICT

;
INSERT INTO "submission_move" VALUES(1,1,1790000000,2,'submit','draft','pending_review','','');
INSERT INTO "submission_move" VALUES(1,2,1790000000,1,'take','pending_review','in_review','','');
INSERT INTO "submission_move" VALUES(1,3,1790000000,1,'approve','in_review','approved','','');
INSERT INTO "submission_move" VALUES(1,4,1790000000,NULL,'publish','approved','published','','');
CREATE TABLE token (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	member_id INTEGER NOT NULL, 
	made_with INTEGER, 
	label TEXT NOT NULL, 
	scopes TEXT NOT NULL, 
	created_at INTEGER NOT NULL, 
	expires_at INTEGER NOT NULL, 
	used_at INTEGER, 
	revoked_at INTEGER, 
	CONSTRAINT pk_token PRIMARY KEY (id), 
	CONSTRAINT uq_token_digest UNIQUE (digest), 
	CONSTRAINT fk_token_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_token_made_with FOREIGN KEY(made_with) REFERENCES token (id), 
	CONSTRAINT ck_token_kind CHECK (kind IN ('api')), 
	CONSTRAINT ck_token_digest CHECK (length(digest) = 64), 
	CONSTRAINT ck_token_expires_at CHECK (expires_at > created_at)
)
 STRICT

;
INSERT INTO "token" VALUES(1,'api','ba75b2a479beb3e512f14850125e94ee6b388ae0523aa7a31a12230c9e1b9918',1,NULL,'made at the terminal','["approve","license","publish","read","stats"]',1790000000,1797776000,1790000000,NULL);
INSERT INTO "token" VALUES(2,'api','ffaec26dfd28f4657f86345e1dd62924125e73217afd04686f726d947225848c',2,NULL,'made at the terminal','["license","publish","read","stats"]',1790000000,1797776000,1790000000,NULL);
INSERT INTO "token" VALUES(3,'api','ed85ef9d864bbf74e5dd5cbfa717c7d1f270bb2d51a0eb8741d5341e4001a6c5',3,NULL,'made at the terminal','["admin","license","publish","read","stats"]',1790000000,1797776000,1790000000,NULL);
INSERT INTO "token" VALUES(4,'api','8f946686a2cd52876abe29dc9d69c086c580aed989cbb08ddea2fe6bc5f32213',4,NULL,'made at the terminal','["license","publish","read","stats"]',1790000000,1797776000,NULL,NULL);
CREATE INDEX ix_audit_entry_about_id ON audit_entry (about, id);
CREATE INDEX ix_audit_entry_actor_id ON audit_entry (actor, id);
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;
CREATE INDEX ix_member_account_id ON member (account_id);
CREATE INDEX ix_token_member_id ON token (member_id);
CREATE INDEX ix_token_made_with ON token (made_with);
CREATE TRIGGER log_entry_no_update BEFORE UPDATE ON log_entry BEGIN SELECT RAISE(ABORT, 'log_entry is append-only'); END;
CREATE TRIGGER log_entry_no_delete BEFORE DELETE ON log_entry BEGIN SELECT RAISE(ABORT, 'log_entry is append-only'); END;
CREATE TRIGGER log_root_no_update BEFORE UPDATE ON log_root BEGIN SELECT RAISE(ABORT, 'log_root is append-only'); END;
CREATE TRIGGER log_root_no_delete BEFORE DELETE ON log_root BEGIN SELECT RAISE(ABORT, 'log_root is append-only'); END;
CREATE INDEX ix_publisher_member_member_id ON publisher_member (member_id);
CREATE INDEX ix_pack_publisher ON pack (publisher);
CREATE INDEX ix_pack_published_at ON pack (published_at);
CREATE INDEX ix_pack_label_kind_value ON pack_label (kind, value);
CREATE UNIQUE INDEX uq_submission_live ON submission (pack, version) WHERE state IN ('pending_review', 'in_review', 'approved', 'published');
CREATE INDEX ix_submission_pack_version ON submission (pack, version);
CREATE INDEX ix_submission_publisher ON submission (publisher);
CREATE INDEX ix_submission_state_handed_in_at ON submission (state, handed_in_at);
CREATE TRIGGER submission_move_no_update BEFORE UPDATE ON submission_move BEGIN SELECT RAISE(ABORT, 'submission_move is append-only'); END;
CREATE TRIGGER submission_move_no_delete BEFORE DELETE ON submission_move BEGIN SELECT RAISE(ABORT, 'submission_move is append-only'); END;
CREATE INDEX ix_release_need_needs ON release_need (needs);
COMMIT;
