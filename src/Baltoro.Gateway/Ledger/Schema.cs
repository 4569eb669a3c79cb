// The tables of a ledger, version by version, in words that SQLite and PostgreSQL share. It refuses to know how they are filled.

namespace Baltoro.Gateway.Ledger;

/// <summary>
/// Step N makes version N+1 of version N; a step that was released is never changed. Money is in billionths of a US dollar, times are milliseconds (of the Unix epoch where they are
/// moments), days count from 1970-01-01 in UTC.
/// </summary>
static class Schema
{
    /// <summary>Stands for a column that numbers its rows, which each database writes in its own way.</summary>
    public const string Numbered = "NUMBERED";

    public static readonly string[] Steps =
    [
        // `totals` answers every question by day, model, session, agent, upstream and key without reading the rows.
        $"""
        CREATE TABLE requests (
            number {Numbered}, id TEXT NOT NULL UNIQUE, at BIGINT NOT NULL, day BIGINT NOT NULL,
            format TEXT NOT NULL, client TEXT NOT NULL, key_name TEXT NOT NULL, session TEXT NOT NULL, agent TEXT NOT NULL, parent_agent TEXT NOT NULL,
            asked TEXT NOT NULL, model TEXT NOT NULL, upstream TEXT NOT NULL,
            input BIGINT NOT NULL, cache_read BIGINT NOT NULL, cache_write BIGINT NOT NULL, cache_write_hour BIGINT NOT NULL,
            output BIGINT NOT NULL, reasoning BIGINT NOT NULL,
            price BIGINT, told BIGINT, cost BIGINT NOT NULL, first_token BIGINT, took BIGINT NOT NULL,
            tries BIGINT NOT NULL, repairs TEXT NOT NULL, outcome TEXT NOT NULL, estimated BIGINT NOT NULL);
        CREATE INDEX requests_day ON requests (day);
        CREATE TABLE totals (
            day BIGINT NOT NULL, key_name TEXT NOT NULL, session TEXT NOT NULL, agent TEXT NOT NULL, upstream TEXT NOT NULL, model TEXT NOT NULL,
            requests BIGINT NOT NULL, failed BIGINT NOT NULL,
            input BIGINT NOT NULL, cache_read BIGINT NOT NULL, cache_write BIGINT NOT NULL, cache_write_hour BIGINT NOT NULL,
            output BIGINT NOT NULL, reasoning BIGINT NOT NULL, cost BIGINT NOT NULL, unpriced BIGINT NOT NULL, estimated BIGINT NOT NULL,
            PRIMARY KEY (day, key_name, session, agent, upstream, model));
        """,

        // Lists are texts with commas between their items, caps as `baltoro keys` writes them.
        $"""
        CREATE TABLE keys (
            number {Numbered}, name TEXT NOT NULL UNIQUE, prefix TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, models TEXT NOT NULL, rpm BIGINT, tpm BIGINT,
            caps TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT, revoked BIGINT);
        CREATE INDEX totals_key ON totals (key_name, day, cost);
        """,
    ];
}
