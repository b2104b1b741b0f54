import Bytes
import HTTPService
import StoreColumns

/// Certificates of `localhost` that signed themselves, and their keys: of tests, and of nothing else.
enum TestCertificates {
    /// Until 2126.
    static let oneCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIUeuDDiRrpp1cbnOgqWUpiQiCqnOYwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIwMjYxM1oYDzIxMjYxMDI4
        MjAyNjEzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASChAJOsblZvFuISlcmrvDOqy9aBIO9kkAcnTSnUkv5pGrQ/gUxTsEi
        g3DfmyRB3EEuKFZqS8zSxEf8CAa1gqXAo28wbTAdBgNVHQ4EFgQUMMyW+F/YX0Tk
        TuATNG2+igJhDAkwHwYDVR0jBBgwFoAUMMyW+F/YX0TkTuATNG2+igJhDAkwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSQAwRgIhAKN2lWtTkW1PRutRlkeGphlIy+SzmhkkpOopVNjDWCIoAiEA
        yHtNQuUUUfbJNshV1LMciUaf39q0xlrO5bnQ9HJ6JI0=
        -----END CERTIFICATE-----
        """
    static let oneKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgk/eP7rscvyLWAmui
        7AZ3hv53cTGLETyVPR4ncpxezEOhRANCAASChAJOsblZvFuISlcmrvDOqy9aBIO9
        kkAcnTSnUkv5pGrQ/gUxTsEig3DfmyRB3EEuKFZqS8zSxEf8CAa1gqXA
        -----END PRIVATE KEY-----
        """
    /// Until 2126.
    static let twoCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUc+O/yraip/0n2yknNKt3Q7d4qLowCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIwMjYxM1oYDzIxMjYxMDI4
        MjAyNjEzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATBQp/eh0RvCHis46OgSECc5KbFuWxQ6r+gF6tqJJdGZGQHMlmiAO/y
        dXNLhbqfS9cariFnEIERwAblerk0Sz+Wo28wbTAdBgNVHQ4EFgQU1y+xDRijC8tL
        HppZYESrOw9QKVcwHwYDVR0jBBgwFoAU1y+xDRijC8tLHppZYESrOw9QKVcwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIhAJtuGU5boXY5V97VlJkm2yAaMlds19jIiGy23egAjkQdAiBW
        J3eatKSkwFLenDh2Tq6imlZV6ICDWIAqnJ6B4lqsiQ==
        -----END CERTIFICATE-----
        """
    static let twoKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLrsnmdE0jRNf5VTW
        Wp0+WHDNEs5w5ny3I+cedlZmRLahRANCAATBQp/eh0RvCHis46OgSECc5KbFuWxQ
        6r+gF6tqJJdGZGQHMlmiAO/ydXNLhbqfS9cariFnEIERwAblerk0Sz+W
        -----END PRIVATE KEY-----
        """
    /// Ended in 2020.
    static let oldCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBDjCBtgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwHhcN
        MjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATIk9z8zKE5BhExyBtEtEZe/TBC
        bPWr98ZgJcxi7O2b1wVRmdvOmZT8EzpPoPOoCaI83BQ08gTrZZwKPIHU1DKcMAoG
        CCqGSM49BAMCA0cAMEQCIEmrhMa6A5P4tmyxPXPo7rKLupozdb+Rw90UjxSUlKae
        AiAdAUQr0CpA6DVg7ULVjxmUAYI9I5puB8+pvjG0F+i6ig==
        -----END CERTIFICATE-----
        """
    static let oldKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPfp4tiL7C1bcC2uZ
        Lt68odwpXuolPvnvnGDtfGsQBrOhRANCAATIk9z8zKE5BhExyBtEtEZe/TBCbPWr
        98ZgJcxi7O2b1wVRmdvOmZT8EzpPoPOoCaI83BQ08gTrZZwKPIHU1DKc
        -----END PRIVATE KEY-----
        """

    static let paths = TLSFiles(certificate: "/server.pem", key: "/server.key")
    static let now = Instant(isoText: "2026-11-21T08:00:00Z") ?? Instant(microseconds: 0)

    /// A disk with both files; nil: it is not there.
    static func files(_ certificate: String?, _ key: String?) throws -> MemoryFileSystem {
        let files = MemoryFileSystem()
        if let certificate { try files.writeNew(paths.certificate, Array(certificate.utf8)) }
        if let key {
            try files.writeNew(paths.key, Array(key.utf8))
            try files.setPermissions(paths.key, 0o600)
        }
        return files
    }
}
