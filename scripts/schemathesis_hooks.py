"""Teaches Schemathesis to send the parts of a tus upload, which are plain bytes."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
