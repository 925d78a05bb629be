import Glibc
import NetworkTypes
import Netwright
import Plan
import Simulator

// Times the simulator from within, where the start of a process would hide what it does.
//
//   apply FILE   carries out the file's plan: prints the seconds
//   pairs FILE   then has every namespace ping every other, one after another, ARP included: prints the seconds, the
//                pings, those that were answered, and the frames that devices have sent

func seconds(_ work: () -> Void) -> Double {
  let span = ContinuousClock().measure(work).components
  return Double(span.seconds) + Double(span.attoseconds) / 1e18
}

func fail(_ message: String, status: Int32) -> Never {
  print(message)
  exit(status)
}

extension Kernel {
  /// The frames that all devices have sent.
  fileprivate var framesSent: Int { devices.reduce(0) { $0 + $1.ownCounters.sentPackets } }
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 2, let verb = arguments.first, let path = arguments.last, ["apply", "pairs"].contains(verb)
else {
  fail("usage: netwright-benchmark apply|pairs FILE", status: 2)
}
let input = Input(name: path, bytes: Array(try InputFiles.text(path).utf8))
guard let plan = compile([input]).makePlan() else { fail("the file has errors", status: 1) }

var kernel = Kernel()
var refused = 0
let applying = seconds {
  for step in plan.steps {
    do { try kernel.perform(step.operation) } catch { refused += 1 }
  }
}
guard refused == 0 else { fail("\(refused) steps were refused", status: 1) }
guard verb == "pairs" else {
  print(applying)
  exit(0)
}
kernel.run(for: .seconds(5))

let spaces = kernel.namespaces.dropFirst().map(\.id)
let addresses = spaces.map { space in
  kernel.devices(of: space).flatMap { kernel[$0].addresses }.map(\.address).first { !$0.isLoopback }
}
let before = kernel.framesSent
var (sent, answered) = (0, 0)
let pinging = seconds {
  for (number, space) in spaces.enumerated() {
    for (other, address) in addresses.enumerated() where other != number {
      guard let address else { continue }
      sent += 1
      if case .reply? = kernel.ping(address, from: space).first { answered += 1 }
    }
  }
}
print(pinging, sent, answered, kernel.framesSent - before)
