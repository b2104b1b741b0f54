// The one wrapper of libFuzzer: its driver, and the bytes that it lends for the length of one call.
import FuzzLaws

/// Runs libFuzzer with the arguments of the process, until it has tried enough or a law is broken.
/// - Returns: the status to exit with.
func runLibFuzzer() -> Int32 {
    var count = CommandLine.argc
    // libFuzzer reads and permutes the arguments; nobody else does any more.
    var arguments = unsafe CommandLine.unsafeArgv
    return unsafe runDriver(&count, &arguments) { start, count in
        // The pointer is good for `count` bytes until this returns; they are copied.
        unsafe FuzzTarget.chosen.checkOrEnd(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
