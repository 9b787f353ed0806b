/// What people call our columns, in English, French and Swahili, without accents, spaces and marks.
///
/// A name counts only where the sheet may have the column, and only while no other head of the sheet
/// is that column already.
enum ColumnNames {
  static let usual: [String: [String]] = {
    var table: [String: [String]] = [:]
    for (column, names) in spelled {
      for name in names.split(separator: " ") { table[String(name), default: []].append(column) }
    }
    return table
  }()

  private static let spelled: [(column: String, names: String)] = [
    (
      "personnel_no",
      """
      personnelno personnelnumber personnelid personnel pfno pfnumber pno employeeno employeenumber \
      employeeid empno empid staffno staffnumber staffid payrollno payrollnumber upn servicenumber \
      matricule numeromatricule nomatricule numerodagent numeroagent numeropersonnel \
      nambariyamtumishi nambariyamfanyakazi nambariyaajira
      """
    ),
    (
      "national_id",
      """
      nationalid nationalidno nationalidnumber idno idnumber nid numerodidentite identitenationale \
      cni kitambulisho nambariyakitambulisho
      """
    ),
    (
      "name",
      """
      fullname names officername employeename staffname participantname learnername nom \
      nomcomplet nometprenom nomprenom nomsetprenoms jina jinakamili majina
      """
    ),
    (
      "organisation",
      """
      organisation organization ministry institution employer ministere organisme wizara taasisi \
      shirika
      """
    ),
    (
      "position",
      "position designation jobtitle poste fonction cheo wadhifa"
    ),
    ("cadre", "cadre jobfamily corps kada"),
    ("grade", "grade jobgroup jobgrade payscale echelon daraja kundilakazi"),
    ("county", "county comte kaunti"),
    (
      "posted_on",
      """
      postedon datepostedon dateposted postingdate dateofposting appointmentdate dateofappointment \
      dateappointed effectivedate datedaffectation datedenomination tareheyauteuzi \
      tarehekuteuliwa
      """
    ),
    ("change", "change typeofchange"),
    (
      "separated_on",
      "separatedon separationdate dateofseparation exitdate datededepart tareheyakuondoka"
    ),
    ("separation", "separation separationreason exitreason motifdedepart sababuyakuondoka"),
    ("course", "course coursecode courseid training trainingcode cours codeducours formation kozi"),
    (
      "cohort",
      "cohort cohortcode cohortid intake batch class classcode cohorte "
        + "promotion classe darasa"
    ),
    (
      "completed_on",
      """
      completedon datecompleted completiondate dateofcompletion completed finishedon datefinished \
      datedefin dateachevement datedachevement acheveele termineele tareheyakumaliza \
      tareheyakukamilisha date tarehe
      """
    ),
    (
      "result",
      """
      result results outcome status completionstatus coursestatus gradeobtained resultat \
      resultats statut mention matokeo hali
      """
    ),
    ("score", "score scores mark marks percentage percent finalscore alama asilimia"),
    (
      "certificate_no",
      """
      certificateno certificatenumber certificateid certno certnumber credentialno credentialnumber \
      credentialid numerodecertificat nocertificat nambariyacheti
      """
    ),
    (
      "valid_until",
      """
      validuntil validto expirydate expirationdate expires expireson expiry validityend \
      datedexpiration valablejusquau mwishowauhalali tareheyamwisho
      """
    ),
    ("valid_from", "validfrom validsince validitystart valableapartirdu kuanzia"),
    (
      "issuer", "issuer issuedby awardingbody emetteur delivrepar mtoaji"
    ),
    ("assessment", "assessment assessmentmode exammode"),
    ("award", "award awards prize prix tuzo"),
    (
      "awarded_on",
      """
      awardedon dateawarded awarddate issuedon dateissued issuedate dateofissue datededelivrance \
      datedemission tareheyakutolewa date tarehe
      """
    ),
    ("status", "status certificatestatus credentialstatus statut etat hali"),
    (
      "revoked_on",
      "revokedon daterevoked revocationdate dateofrevocation datederevocation tareheyakufutwa"
    ),
    ("reason", "reason reasonforrevocation motif sababu"),
  ]

  /// Lower case, without accents and what stands in brackets, with underscores between words: what
  /// a head means is not told by how it was decorated.
  static func folded(_ name: String) -> String {
    if name.utf8.allSatisfy({ 0x61...0x7A ~= $0 || $0 == 0x5F || 0x30...0x39 ~= $0 }) {
      return name
    }
    var words: [String] = []
    var word = ""
    var depth = 0
    for scalar in name.plainLetters.unicodeScalars {
      switch scalar {
      case "(", "[": depth += 1
      case ")", "]": depth = max(0, depth - 1)
      case _ where depth > 0: break
      // `Personnel #` is a number; a `#` before the name is a mark.
      case "#" where !words.isEmpty || !word.isEmpty:
        if !word.isEmpty { words.append(word) }
        words.append("no")
        word = ""
      // What stands within a word.
      case "'", "\u{2019}", ".", "\u{2BC}": break
      case _ where scalar.properties.isAlphabetic || scalar.properties.numericType != nil:
        word.unicodeScalars.append(scalar)
      default:
        if !word.isEmpty { words.append(word) }
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    // What is all in brackets is all that there is.
    guard !words.isEmpty else {
      return name.contains("(") ? folded(name.filter { !"()[]".contains($0) }) : ""
    }
    return words.joined(separator: "_")
  }

  /// The name as it is looked up.
  static func squeezed(_ name: String) -> String { folded(name).replacing("_", with: "") }

  /// The columns of a sheet, place by place: what each head means there, or its folded name.
  ///
  /// - Parameter map: by the folded name of a head, the column that it is said to be.
  static func resolved(
    _ heads: [String], for columns: [String], map: [String: String] = [:]
  ) -> [String] {
    var names = heads.map(folded)
    let own = Dictionary(columns.map { ($0.replacing("_", with: ""), $0) }) { first, _ in first }
    var taken: Set<String> = []
    var open: [Int] = []
    for (at, name) in names.enumerated() {
      // What a head means in a sheet of another kind says nothing here.
      let said = map[name].flatMap { columns.contains($0) ? $0 : nil }
      if let column = said ?? own[name.replacing("_", with: "")] {
        names[at] = column
        taken.insert(column)
      } else {
        open.append(at)
      }
    }
    for at in open {
      let meant = usual[names[at].replacing("_", with: "")] ?? []
      if let column = meant.first(where: { own.values.contains($0) && !taken.contains($0) }) {
        names[at] = column
        taken.insert(column)
      }
    }
    return names
  }
}
