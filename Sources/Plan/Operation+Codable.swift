extension Place: Codable {}
extension LinkKind: Codable {}
extension RouteAction: Codable {}
extension RuleAction: Codable {}
extension QdiscKind: Codable {}
extension Operation: Codable {}
