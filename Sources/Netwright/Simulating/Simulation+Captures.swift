import NetworkTypes
import Packets
import Simulator

extension Simulation {
  /// Begins to write down every frame that any device sends or receives.
  public mutating func beginCapture() { kernel.recorder.keepsFrames = true }

  /// The captures of the devices that saw a frame, a file each, called NAMESPACE-DEVICE.pcap.
  public var captures: [(name: String, bytes: [UInt8])] {
    var files: [DeviceID: CaptureFile] = [:]
    for captured in kernel.recorder.frames {
      files[captured.device, default: CaptureFile()].add(captured.frame, at: captured.time.nanoseconds)
    }
    return files.sorted { $0.key < $1.key }.map { device, file in
      let machine = kernel[kernel[device].namespace].name?.text ?? "host"
      return ("\(machine)-\(kernel[device].name).pcap", file.bytes)
    }
  }
}
