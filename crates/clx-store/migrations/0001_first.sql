-- Read by both SQLite and PostgreSQL. Ids and JSON are text, times are milliseconds since 1970 UTC.

create table orgs (
    id text primary key,
    name text not null,
    -- Number of the newest event; its row lock puts an organisation's events in commit order.
    event_seq bigint not null default 0,
    created_at bigint not null
);

create table users (
    id text primary key,
    org_id text not null references orgs (id),
    email text not null unique,
    name text not null,
    role text not null,
    password_hash text,
    created_at bigint not null
);

create table sessions (
    token_hash text primary key,
    org_id text not null references orgs (id),
    user_id text not null references users (id),
    created_at bigint not null,
    last_used_at bigint not null,
    expires_at bigint not null
);

create table sign_in_links (
    token_hash text primary key,
    org_id text not null references orgs (id),
    user_id text not null references users (id),
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

create table api_keys (
    id text primary key,
    org_id text not null references orgs (id),
    user_id text not null references users (id),
    name text not null,
    visible_start text not null,
    token_hash text not null unique,
    created_at bigint not null,
    last_used_at bigint,
    expires_at bigint
);
create index api_keys_org on api_keys (org_id, id);

create table blobs (
    org_id text not null references orgs (id),
    sha256 text not null,
    size_bytes bigint not null,
    created_at bigint not null,
    primary key (org_id, sha256)
);

create table recordings (
    id text primary key,
    org_id text not null references orgs (id),
    sha256 text not null,
    size_bytes bigint not null,
    title text not null,
    filename text not null,
    kind text,
    format text,
    media_type text not null,
    duration_s double precision,
    state text not null,
    error text,
    synthetic boolean not null,
    channels text not null,
    start_text text,
    findings text not null,
    annotations_sha256 text,
    pyramid_sha256 text,
    version bigint not null,
    created_at bigint not null,
    deleted_at bigint,
    foreign key (org_id, sha256) references blobs (org_id, sha256),
    foreign key (org_id, annotations_sha256) references blobs (org_id, sha256),
    foreign key (org_id, pyramid_sha256) references blobs (org_id, sha256)
);
create unique index recordings_content on recordings (org_id, sha256) where deleted_at is null;
create index recordings_org on recordings (org_id, id);
create index recordings_deleted on recordings (deleted_at) where deleted_at is not null;

create table uploads (
    id text primary key,
    org_id text not null references orgs (id),
    user_id text not null references users (id),
    filename text not null,
    keep_identity boolean not null,
    length_bytes bigint not null,
    offset_bytes bigint not null,
    recording_id text,
    created_at bigint not null,
    expires_at bigint not null
);
create index uploads_org on uploads (org_id, id);

create table jobs (
    id text primary key,
    org_id text not null references orgs (id),
    user_id text not null references users (id),
    analysis text not null,
    recording_id text references recordings (id),
    params text not null,
    -- JSON list of the jobs whose results are the input.
    inputs text not null,
    state text not null,
    priority integer not null,
    run_at bigint not null,
    attempt integer not null,
    max_attempts integer not null,
    -- Random per claim. Whoever does not hold it may not write to a running job.
    lease_token text,
    lease_until bigint,
    cancel_requested boolean not null,
    unique_key text,
    progress double precision not null,
    stage text not null,
    error_code text,
    error_message text,
    result_sha256 text,
    created_at bigint not null,
    started_at bigint,
    finished_at bigint,
    foreign key (org_id, result_sha256) references blobs (org_id, sha256)
);
create index jobs_due on jobs (priority, run_at, id) where state = 'queued';
create index jobs_running on jobs (lease_until) where state = 'running';
create index jobs_org on jobs (org_id, id);
create index jobs_recording on jobs (recording_id, analysis);
create unique index jobs_unique on jobs (org_id, unique_key)
    where unique_key is not null and state in ('queued', 'running');

create table artifacts (
    id text primary key,
    org_id text not null references orgs (id),
    job_id text not null references jobs (id),
    name text not null,
    media_type text not null,
    size_bytes bigint not null,
    sha256 text not null,
    duration_s double precision,
    created_at bigint not null,
    foreign key (org_id, sha256) references blobs (org_id, sha256)
);
create index artifacts_job on artifacts (job_id, id);

create table events (
    org_id text not null references orgs (id),
    seq bigint not null,
    id text not null,
    kind text not null,
    subject text not null,
    -- A progress report, replaced by the next one of the same subject.
    is_progress boolean not null,
    at bigint not null,
    primary key (org_id, seq)
);
create index events_progress on events (org_id, subject) where is_progress;
create index events_at on events (at);

create table idempotency (
    org_id text not null references orgs (id),
    key text not null,
    route text not null,
    params_hash text not null,
    -- Id of what the first request made; absent while it runs.
    subject text,
    created_at bigint not null,
    primary key (org_id, key)
);
create index idempotency_created on idempotency (created_at);
