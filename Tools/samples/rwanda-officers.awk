# Made-up public servants of three ministries, as events; `part` chooses what is printed.
# 300 were posted before the mandate, six joined after it.
function id(i) { return sprintf("%08x%08x%08x%08x", 2654435761 * i % 4294967296, 40503 * i + 7, i * 97 + 13, 1000003 * i) }
function event(stream, on, body) { printf "{\"stream\":\"%s\",\"effective\":\"%s\",\"source\":{\"system\":\"hr\",\"reference\":\"extract\"},%s}\n", stream, on, body }
BEGIN {
  split("mifotra minict mineduc", org)
  if (part == "officers")
    for (i = 1; i <= 306; i++)
      event("officer/" id(i), i <= 300 ? "2024-01-01" : "2026-01-05",
        sprintf("\"personal\":{\"name\":\"Example Servant %d\",\"identifiers\":[{\"scheme\":\"pn\",\"value\":\"RW-%04d\"}]},\"officer\":{\"registered\":{\"posting\":{\"organisation\":\"%s\",\"position\":\"officer\"}}}", i, i, org[i % 3 + 1]))
  if (part == "completions") {
    print "personnel_no,name,course,cohort,completed_on,result,score,assessment"
    for (i = 1; i <= 210; i++)
      printf "RW-%04d,Example Servant %d,ai-foundations,ai-2025-12,%s,passed,%d,%s\n", i, i,
        i <= 120 ? "2025-12-20" : i <= 180 ? "2026-01-10" : "2026-01-20", 60 + i % 40,
        i % 10 ? "unproctored" : "proctored"
    for (i = 301; i <= 303; i++)
      printf "RW-%04d,Example Servant %d,ai-foundations,ai-2025-12,2026-01-30,passed,80,unproctored\n", i, i
  }
  # Certificates from elsewhere, uploaded in December and verified in January.
  if (part == "uploads")
    for (i = 211; i <= 240; i++) {
      event("submission/up" i, "2025-12-29", sprintf("\"submission\":{\"submitted\":{\"paper\":{\"officer\":\"%s\",\"submission_kind\":\"certificate\",\"document\":\"%064x\",\"title\":\"Example certificate\",\"awarded_on\":\"2025-12-28\",\"courses\":[\"ai-foundations\"],\"assessment\":\"unproctored\"}}}", id(i), i))
      event("submission/up" i, "2026-01-20", "\"submission\":{\"verified\":{\"method\":\"with-issuer\",\"verified_by\":\"mifotra\"}}")
    }
  if (part == "exempted") {
    for (i = 241; i <= 246; i++)
      event("duty/d" i, "2025-12-10", sprintf("\"duty\":{\"exemption_granted\":{\"duty\":{\"officer\":\"%s\",\"mandate\":\"ai-2025\"},\"until\":\"2026-03-31\"}}", id(i)))
    for (i = 247; i <= 249; i++) event("officer/" id(i), "2025-12-20", "\"officer\":{\"separated\":{\"separation\":\"retirement\"}}")
  }
  if (part == "non-compliant")
    for (i = 250; i <= 255; i++)
      event("duty/d" i, "2026-02-10", sprintf("\"reason\":\"not-completed\",\"duty\":{\"non_compliance_recorded\":{\"duty\":{\"officer\":\"%s\",\"mandate\":\"ai-2025\"}}}", id(i)))
}
