extension FuzzFixture {
  /// Its events, of which the first has the id 0, the second 1 and so on: a completed training with
  /// its credential, a paper, a claim, duties, an agreement with what was counted and claimed.
  static let lines = """
    {"stream":"registry/a","effective":"2020-01-01","registry":{"established":{"jurisdiction":"a","time_zone":"Africa/Nairobi","identifier_schemes":["pn"]}}}
    {"stream":"organisation/a","effective":"2020-01-01","organisation":{"registered":{"name":"A","roles":["employer","school"]}}}
    {"stream":"organisation/b","effective":"2020-01-01","organisation":{"registered":{"name":"B","roles":["employer"]}}}
    {"stream":"organisation/b","effective":"2020-02-01","organisation":{"moved_under":{"parent":"a"}}}
    {"stream":"framework/a","effective":"2020-01-01","framework":{"published":{"title":"A","version":"1","skills":[{"code":"a","title":"a","levels":3},{"code":"b","title":"b","levels":3}]}}}
    {"stream":"framework/b","effective":"2020-01-01","framework":{"published":{"title":"B","version":"1","skills":[{"code":"a","title":"a","levels":3}]}}}
    {"stream":"framework/a","effective":"2020-02-01","framework":{"crosswalk_asserted":{"crosswalk":{"skill":"a","relation":"exact","other_framework":"b","other_skill":"a"}}}}
    {"stream":"course/a","effective":"2020-01-01","course":{"published":{"edition":1,"title":"A","track":"technical","outcomes":[{"framework":"a","skill":"a","level":2}]}}}
    {"stream":"course/b","effective":"2020-01-01","course":{"published":{"edition":1,"title":"B","track":"non_technical"}}}
    {"stream":"authorisation/a","effective":"2020-01-01","authorisation":{"granted":{"organisation":"a","valid_from":"2020-01-01"}}}
    {"stream":"instrument/a","effective":"2020-01-01","instrument":{"issued":{"instrument_kind":"directive","title":"A"}}}
    {"stream":"instrument/a","effective":"2020-01-01","instrument":{"entered_into_force":{}}}
    {"stream":"agreement/a","effective":"2021-06-01","agreement":{"signed":{"terms":{"agreement_kind":"mou","title":"A","parties":["a","b"]}}}}
    {"stream":"agreement/a","effective":"2021-06-02","agreement":{"target_set":{"target":"a","population":"civil_servants","count":{"exactly":2}}}}
    {"stream":"agreement/a","effective":"2021-06-03","agreement":{"aggregate_reported":{"report":"a","population":"civil_servants","people":{"exactly":1}}}}
    {"stream":"agreement/a","effective":"2021-06-03","agreement":{"result_claimed":{"claim":"a","claimed_by":"B","population":"graduates","count":{"about":10}}}}
    {"stream":"programme/a","effective":"2021-06-01","programme":{"opened":{"terms":{"title":"A","organisation":"a"}}}}
    {"stream":"programme/a","effective":"2021-06-02","programme":{"linked_to_agreement":{"agreement":"a"}}}
    {"stream":"cohort/a","effective":"2022-01-01","cohort":{"planned":{"terms":{"course":"a","edition":1,"organisation":"a","programme":"a","starts":"2022-01-10","ends":"2024-03-31","capacity":3}}}}
    {"stream":"cohort/b","effective":"2022-01-01","cohort":{"planned":{"terms":{"course":"b","edition":1,"organisation":"a","starts":"2022-01-10","ends":"2024-03-31"}}}}
    {"stream":"officer/a","effective":"2020-01-01","personal":{"name":"A","identifiers":[{"scheme":"pn","value":"1"}]},"officer":{"registered":{"posting":{"organisation":"a","position":"a","cadre":"a","grade":"a","county":"a"}}}}
    {"stream":"officer/b","effective":"2020-01-01","personal":{"name":"A","identifiers":[{"scheme":"pn","value":"2"}]},"officer":{"registered":{"posting":{"organisation":"b"}}}}
    {"stream":"officer/c","effective":"2020-01-01","personal":{"name":"C"},"officer":{"registered":{}}}
    {"stream":"officer/b","effective":"2021-01-01","officer":{"posted":{"posting":{"organisation":"a","cadre":"b"}}}}
    {"stream":"enrolment/a","effective":"2022-01-10","attributed_to":"agreement/a","enrolment":{"enrolled":{"seat":{"officer":"a","cohort":"a"}}}}
    {"stream":"enrolment/a","effective":"2022-03-30","enrolment":{"assessed":{"assessment":"a","mode":"proctored","score":7000}}}
    {"stream":"enrolment/a","effective":"2022-03-31","enrolment":{"completed":{"result":"passed"}}}
    {"stream":"enrolment/b","effective":"2022-01-10","enrolment":{"enrolled":{"seat":{"officer":"b","cohort":"a"}}}}
    {"stream":"enrolment/b","effective":"2022-01-11","enrolment":{"attended":{"session":"a","minutes":600}}}
    {"stream":"credential/a","effective":"2022-04-01","credential":{"issued":{"holder":"a","issuer":"a","number":"1","courses":["a"],"awarded_on":"2022-04-01","valid_from":"2022-04-01","valid_until":"2025-03-31","evidence":["00000000-0000-0000-0000-00000000001a"]}}}
    {"stream":"credential/b","effective":"2022-04-01","credential":{"issued":{"holder":"b","issuer":"a","number":"2","skills":[{"framework":"a","skill":"b","level":1}],"awarded_on":"2022-04-01","valid_from":"2022-04-01"}}}
    {"stream":"submission/a","effective":"2022-05-01","submission":{"submitted":{"paper":{"officer":"b","submission_kind":"certificate","document":"0000000000000000000000000000000000000000000000000000000000000000","courses":["a"]}}}}
    {"stream":"submission/a","effective":"2022-05-02","submission":{"verified":{"method":"a"}}}
    {"stream":"skill_claim/a","effective":"2022-05-01","skill_claim":{"claimed":{"claim":{"officer":"c","skill":{"framework":"a","skill":"a","level":1}}}}}
    {"stream":"mandate/a","effective":"2022-01-01","mandate":{"entered_into_force":{"terms":{"title":"A","population":{"posted_on":"2022-01-01","steps":[{"everybody":true}]},"courses":["a"],"deadline":"2022-12-31","joiner_days":30}}}}
    {"stream":"mandate/b","effective":"2022-01-01","mandate":{"entered_into_force":{"terms":{"title":"B","population":{"steps":[{"organisation":"a"},{"cadre":"a"},{"any_of":2}]},"courses":["a","b"],"any_course":true,"deadline":"2022-12-31"}}}}
    {"stream":"duty/a","effective":"2022-02-01","duty":{"exemption_granted":{"duty":{"officer":"c","mandate":"a"},"until":"2023-01-01"}}}
    {"stream":"registry/a","effective":"2022-01-01","registry":{"requirement_set":{"position":"a","skills":[{"framework":"a","skill":"a","level":3}]}}}
    {"stream":"registry/a","effective":"2023-01-01","registry":{"policy_adopted":{"version":2,"validity_months":12,"pass_marks":[{"mode":"proctored","pass_mark":5000}]}}}
    """
}
