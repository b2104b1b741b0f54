import Glibc

/// Looks for inputs that break a law of the language rooms: `Fuzz --target=NAME [OPTIONS OF LIBFUZZER] [FOLDERS OF INPUTS]`
@main
struct Fuzz {
    static func main() {
        exit(runLibFuzzer())
    }
}
