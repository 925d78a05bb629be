/// Rows of text in columns, each as wide as its widest cell, two spaces apart, without trailing spaces.
struct TextTable {
  /// The titles of the columns.
  let titles: [String]
  /// The rows; each has as many cells as there are titles.
  private(set) var rows: [[String]] = []

  init(_ titles: String...) { self.titles = titles }

  mutating func add(_ cells: String...) { rows.append(cells) }

  /// The table, every line ended; nothing where there are no rows.
  var text: String {
    guard !rows.isEmpty else { return "" }
    let all = [titles] + rows
    let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in all {
      var line = ""
      var pending = 0
      for (cell, width) in zip(row, widths) {
        if !cell.isEmpty {
          line += String(repeating: " ", count: pending) + cell
          pending = 0
        }
        pending += width - cell.count + 2
      }
      text += line + "\n"
    }
    return text
  }
}
