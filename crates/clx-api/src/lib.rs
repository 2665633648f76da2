//! Wire types of the REST API and the problem shape; no logic.
