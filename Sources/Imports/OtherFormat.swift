/// Files that are no text, by how they begin: with the way to make a text of them.
enum OtherFormat {
  /// What to do about a file that begins so; nil for text.
  static func refusal(of bytes: [UInt8]) -> FileFormatFailure? {
    func begins(_ signature: [UInt8]) -> Bool { bytes.starts(with: signature) }
    let asCSV =
      "open it and save the sheet as CSV (\"CSV UTF-8\" where there is the choice), then send that."
    if begins([0x50, 0x4B, 0x03, 0x04]) {
      // The first member of an OpenDocument file says of what type it is, uncompressed.
      let head = String(decoding: bytes.prefix(200), as: UTF8.self)
      if head.contains("opendocument.spreadsheet") {
        return FileFormatFailure("The file is a workbook of LibreOffice (.ods): \(asCSV)")
      }
      let isWorkbook =
        head.contains("[Content_Types].xml") || head.contains("xl/")
        || head.contains("_rels/")
      return FileFormatFailure(
        isWorkbook
          ? "The file is a workbook of Excel (.xlsx): \(asCSV)"
          : "The file is a ZIP archive or a workbook (.xlsx, .ods): unpack it, or \(asCSV)")
    }
    if begins([0xD0, 0xCF, 0x11, 0xE0]) {
      return FileFormatFailure("The file is a workbook of an older Excel (.xls): \(asCSV)")
    }
    if begins(Array("%PDF-".utf8)) {
      return FileFormatFailure(
        "The file is a PDF: ask for the list that it was printed from, as CSV.")
    }
    if begins([0x1F, 0x8B]) {
      return FileFormatFailure("The file is compressed (gzip): unpack it with `gunzip` first.")
    }
    let start = String(decoding: bytes.prefix(64), as: UTF8.self).trimmed.lowercased()
    for beginning in ["<html", "<!doctype html", "<table", "<?xml"] where start.hasPrefix(beginning)
    {
      return FileFormatFailure(
        "The file is a page or an XML document, whatever its name says: \(asCSV)")
    }
    return nil
  }
}
