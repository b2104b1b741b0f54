import CPCRE2

// The one file that calls PCRE2. Every pointer below is owned by the object that holds it, is freed once in its `deinit`,
// and never leaves this file; subjects are lent for the length of one call.

/// Code that PCRE2 made of a pattern's text: bytecode, and machine code where the system allows it.
///
/// Sendable: after `init` nothing writes to the code; pcre2api(3) "Multithreading" allows any number of threads to match with it.
@safe
final class CompiledPattern: @unchecked Sendable {
    private let code: OpaquePointer
    let bounds: PatternBounds

    init(_ text: String, caseInsensitive: Bool, _ bounds: PatternBounds) throws(PatternError) {
        guard let context = unsafe pcre2_compile_context_create_8(nil) else { throw .limit(.memory(bounds.memoryByteCount)) }
        self.bounds = bounds
        defer { unsafe pcre2_compile_context_free_8(context) }
        unsafe pcre2_set_max_pattern_length_8(context, bounds.patternByteCount)
        unsafe pcre2_set_parens_nest_limit_8(context, UInt32(clamping: bounds.nestingDepth))
        var options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C
        if caseInsensitive { options |= PCRE2_CASELESS }

        var number: Int32 = 0
        var offset = 0
        let bytes = Array(text.utf8)
        let compiled = unsafe bytes.withUnsafeBufferPointer { buffer in
            // An empty array may have no address; PCRE2 wants one even for no bytes.
            guard let start = buffer.baseAddress else {
                return unsafe withUnsafePointer(to: UInt8(0)) { nothing in
                    unsafe pcre2_compile_8(nothing, 0, options, &number, &offset, context)
                }
            }
            return unsafe pcre2_compile_8(start, buffer.count, options, &number, &offset, context)
        }
        guard let compiled = unsafe compiled else { throw Self.compileError(number, at: offset, bounds) }
        unsafe self.code = compiled
        // Without machine code (a system that forbids it, `(*NO_JIT)`) the interpreter keeps the same limits, slower.
        _ = unsafe pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
    }

    deinit { unsafe pcre2_code_free_8(code) }

    func matches(_ subject: Span<UInt8>, with memory: MatchMemory) throws(PatternError) -> Bool {
        memory.limitSteps(forSubjectOf: subject.count)
        let result = unsafe subject.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else {
                return unsafe withUnsafePointer(to: UInt8(0)) { nothing in
                    unsafe pcre2_match_8(code, nothing, 0, 0, 0, memory.data, memory.context)
                }
            }
            return unsafe pcre2_match_8(code, start, buffer.count, 0, 0, memory.data, memory.context)
        }
        if result >= 0 { return true }
        switch result {
        case PCRE2_ERROR_NOMATCH: return false
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_RECURSELOOP: throw .limit(.steps(bounds.stepCount))
        case PCRE2_ERROR_DEPTHLIMIT: throw .limit(.depth(bounds.backtrackDepth))
        case PCRE2_ERROR_UTF8_ERR21...PCRE2_ERROR_UTF8_ERR1: throw .subjectNotUTF8
        // PCRE2_ERROR_HEAPLIMIT, _NOMEMORY, _JIT_STACKLIMIT: nothing else is left.
        default: throw .limit(.memory(bounds.memoryByteCount))
        }
    }

    private static func compileError(_ number: Int32, at offset: Int, _ bounds: PatternBounds) -> PatternError {
        switch number {
        case PCRE2_ERROR_PATTERN_STRING_TOO_LONG: return .limit(.length(bounds.patternByteCount))
        case PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP, PCRE2_ERROR_PARENTHESES_STACK_CHECK:
            return .limit(.nesting(bounds.nestingDepth))
        case PCRE2_ERROR_PATTERN_TOO_LARGE, PCRE2_ERROR_PATTERN_TOO_COMPLICATED, PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED,
            PCRE2_ERROR_HEAP_FAILED:
            return .limit(.size)
        default: break
        }
        let message = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer -> String in
            let length = unsafe pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)
            guard length > 0 else { return "error \(number)" }
            return unsafe String(decoding: buffer[..<Int(length)], as: UTF8.self)
        }
        return .invalid(message: message, offset: offset)
    }
}

/// What one match at a time needs: a place for its result, its limits, and a stack for machine code.
@safe
final class MatchMemory {
    fileprivate let data: OpaquePointer
    fileprivate let context: OpaquePointer
    private let stack: OpaquePointer?
    private let fullStepCount: UInt32
    private var stepCount: UInt32

    init(for pattern: CompiledPattern) {
        // One pair is enough to know whether; where captures end is not asked.
        guard let data = unsafe pcre2_match_data_create_8(1, nil), let context = unsafe pcre2_match_context_create_8(nil)
        else { preconditionFailure("no memory for a match of a few hundred bytes") }
        let bounds = pattern.bounds
        fullStepCount = UInt32(clamping: bounds.stepCount)
        stepCount = fullStepCount
        unsafe self.data = data
        unsafe self.context = context
        unsafe pcre2_set_match_limit_8(context, fullStepCount)
        unsafe pcre2_set_depth_limit_8(context, UInt32(clamping: bounds.backtrackDepth))
        unsafe pcre2_set_heap_limit_8(context, UInt32(clamping: bounds.memoryByteCount / 1_024))
        // Machine code keeps its backtracking on it. Grows as it is used. Without it (no memory) machine code has 32 KiB, and says when that is not enough.
        unsafe self.stack = pcre2_jit_stack_create_8(
            min(32 * 1_024, bounds.stackByteCount), bounds.stackByteCount, nil)
        if let stack = unsafe stack { unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
    }

    deinit {
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_match_context_free_8(context)
        if let stack = unsafe stack { unsafe pcre2_jit_stack_free_8(stack) }
    }

    fileprivate func limitSteps(forSubjectOf byteCount: Int) {
        let full = PatternLimits.fullStepsByteCount
        let wanted =
            byteCount <= full
            ? fullStepCount
            : min(fullStepCount, max(PatternLimits.leastStepCount, UInt32(clamping: Int(fullStepCount) * full / byteCount)))
        guard wanted != stepCount else { return }
        stepCount = wanted
        unsafe pcre2_set_match_limit_8(context, wanted)
    }
}
