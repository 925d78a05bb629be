/// Names for a line of text: all of eight at most, or else the first three and how many others there are.
///
/// There can be thousands, and a line is read by people.
package func listed<Element>(_ elements: [Element], _ name: (Element) -> String) -> String {
  let named = elements.count > 8 ? elements.prefix(3) : elements[...]
  let names = named.map(name).joined(separator: ", ")
  return named.count == elements.count ? names : "\(names) and \(elements.count - named.count) others"
}
