//! The servers that the gateway's own tests start, too.

#[path = "../../../gateway/tests/common/postgres.rs"]
#[allow(clippy::unwrap_used, dead_code)]
pub mod postgres;
#[path = "../../../gateway/tests/common/s3.rs"]
#[allow(clippy::unwrap_used, dead_code)]
pub mod s3;
