/// Names for a line of text: all of eight at most, or else the first three and how many others there are.
///
/// There can be thousands, and a line is read by people.
package func listed<Element>(_ elements: [Element], _ name: (Element) -> String) -> String {
  let named = elements.count > 8 ? elements.prefix(3) : elements[...]
  let names = named.map(name).joined(separator: ", ")
  return named.count == elements.count ? names : "\(names) and \(elements.count - named.count) others"
}

/// A circle of names for a line of text: each and the first again, of more than eight the first three.
package func circular(_ names: [String]) -> String {
  let named = names.count > 8 ? names.prefix(3) + ["…"] : names[...]
  return (named + names.prefix(1)).joined(separator: " → ")
}
