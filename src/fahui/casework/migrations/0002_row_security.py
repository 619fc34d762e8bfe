"""Row security: a query that forgot its scope returns nothing. The same line as `cases.queries.visible`.

The reader is announced in transaction-local settings (foundation.accounts.scope). Sub-selects around current_setting
are evaluated once a query, not once a row.
"""

from django.db import migrations

KIND = "(SELECT NULLIF(current_setting('fahui.kind', true), ''))"
USER = "(SELECT NULLIF(current_setting('fahui.user', true), '')::bigint)"
PARTY = "(SELECT NULLIF(current_setting('fahui.party', true), '')::bigint)"
RANGES = "(SELECT NULLIF(current_setting('fahui.ranges', true), '')::int8multirange)"
CLEARED = "COALESCE((SELECT NULLIF(current_setting('fahui.cleared', true), '')::bigint[]), '{}')"

POLICIES = {
    "casework_case": f"""
        {KIND} = 'system'
        OR (scope_key <@ {RANGES} AND (NOT sealed OR institution_id = ANY ({CLEARED})))
        OR id IN (SELECT a.case_id FROM casework_caseaccess a
                  WHERE a.user_id = {USER} AND (a.until IS NULL OR a.until > now()))""",
    "foundation_party": f"""
        {KIND} = 'system' OR id = {PARTY}
        OR EXISTS (SELECT 1 FROM casework_caseparty p WHERE p.party_id = foundation_party.id)""",
    "foundation_event": f"""
        {KIND} = 'system' OR (case_id IS NULL AND {KIND} = 'staff')
        OR EXISTS (SELECT 1 FROM casework_case c WHERE c.id = foundation_event.case_id)""",
    "casework_outgoing": f"""
        {KIND} = 'system' OR user_id = {USER}
        OR EXISTS (SELECT 1 FROM casework_case c WHERE c.id = casework_outgoing.case_id)""",
    "casework_delivery": f"""
        {KIND} = 'system'
        OR EXISTS (SELECT 1 FROM casework_issueddocument d WHERE d.id = casework_delivery.document_id)""",
}
CHILDREN = ["caseparty", "casedeadline", "paper", "issueddocument", "message", "assignment", "referral", "proposal",
            "urge", "subsidy", "booking", "feedback", "invitation"]
POLICIES |= {
    f"casework_{table}": f"{KIND} = 'system' OR EXISTS (SELECT 1 FROM casework_case c WHERE c.id = casework_{table}.case_id)"
    for table in CHILDREN
}

DO = "".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
    f"CREATE POLICY reader_scope ON {table} USING ({rule}) WITH CHECK (true);"
    for table, rule in POLICIES.items()
) + """
CREATE TRIGGER version_immutable BEFORE UPDATE OR DELETE ON casework_serviceversion
    FOR EACH ROW EXECUTE FUNCTION fahui_append_only();
"""
UNDO = "".join(
    f"DROP POLICY reader_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;" for table in POLICIES
) + "DROP TRIGGER version_immutable ON casework_serviceversion;"


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("foundation", "0002_audit_guard")]
    operations = [migrations.RunSQL(DO, UNDO)]
