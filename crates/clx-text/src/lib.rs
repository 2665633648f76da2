//! The seven message bundles that the web app, reports and command line share.
