public import ArgumentParser
public import Netwright

// The façade's closed choices as option values: the parser lists them in help and completion.
extension DiagnosticFormat: ExpressibleByArgument {}
extension ScriptStyle: ExpressibleByArgument {}
extension ScriptFirewall: ExpressibleByArgument {}
extension CheckFormat: ExpressibleByArgument {}
extension TraceFormat: ExpressibleByArgument {}
extension SchemaSubject: ExpressibleByArgument {}
