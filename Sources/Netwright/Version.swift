/// The version of Netwright.
public let netwrightVersion = "0.1.0"
