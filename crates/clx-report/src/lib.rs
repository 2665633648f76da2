//! Turns results into PDF and XLSX documents.
