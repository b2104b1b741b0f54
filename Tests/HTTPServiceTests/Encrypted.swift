import Access
import Bytes
import HTTPService
import Settings
import StoreColumns
import Synchronization
import Testing

@Suite struct `A server that encrypts` {
    static func identity(_ files: MemoryFileSystem) throws(TLSProblem) -> TLSIdentity {
        try TLSIdentity(TestCertificates.paths, on: files, now: { TestCertificates.now }, warn: { _ in })
    }

    @Test func `questions are answered over TLS as without it, on one connection too`() async throws {
        let identity = try Self.identity(try TestCertificates.files(TestCertificates.oneCertificate, TestCertificates.oneKey))
        try await TestServer.run(tls: identity) { server async throws in
            let client = try await RawClient.connect(port: server.port, trusting: TestCertificates.oneCertificate)
            let request = server.request(document: "{ items { totalCount } }")
            await client.send(request + request)
            #expect(await client.answers(2).map(\.status) == [200, 200])
            await client.send("GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\n\r\n")
            #expect(await client.ends(within: .seconds(60)))
            #expect(RawAnswer.all(in: client.received).map(\.status) == [200, 200, 200])
            await client.close()
        }
    }

    @Test func `a refusal arrives whole, and ends the connection`() async throws {
        let identity = try Self.identity(try TestCertificates.files(TestCertificates.oneCertificate, TestCertificates.oneKey))
        try await TestServer.run(tls: identity) { server async throws in
            let client = try await RawClient.connect(port: server.port, trusting: TestCertificates.oneCertificate)
            await client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            #expect(await client.ends(within: .seconds(60)))
            #expect(RawAnswer.all(in: client.received).map(\.status) == [400])
            await client.close()
        }
    }

    @Test func `who does not speak TLS is answered nothing, and the next is`() async throws {
        let identity = try Self.identity(try TestCertificates.files(TestCertificates.oneCertificate, TestCertificates.oneKey))
        try await TestServer.run(limits: ["head-time": 2_000], tls: identity) { server async throws in
            for bytes: [UInt8] in [
                Array("GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\n\r\n".utf8),
                [0x16, 0x03, 0x01, 0xFF, 0xFF] + Array(repeating: 0, count: 600),
                Array(repeating: 0xFF, count: 4_096), [0x16, 0x03],
            ] {
                let client = try await RawClient.connect(port: server.port)
                await client.send(bytes)
                // At the latest when a head should have been there.
                #expect(await client.ends(within: .seconds(60)))
                #expect(!client.text.contains("HTTP/1.1"))
                await client.close()
            }
            let client = try await RawClient.connect(port: server.port, trusting: TestCertificates.oneCertificate)
            await client.send("GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\n\r\n")
            #expect(await client.ends(within: .seconds(60)))
            #expect(RawAnswer.all(in: client.received).map(\.status) == [200])
            await client.close()
        }
    }

    @Test func `another certificate is taken while connections go on, and one that is of no use is not`() async throws {
        let files = try TestCertificates.files(TestCertificates.oneCertificate, TestCertificates.oneKey)
        let identity = try Self.identity(files)
        try await TestServer.run(tls: identity) { server async throws in
            let request = "GET /health/live HTTP/1.1\r\nHost: \(server.host)\r\n\r\n"
            let first = try await RawClient.connect(port: server.port, trusting: TestCertificates.oneCertificate)
            await first.send(request)
            #expect(await first.answers(1).count == 1)
            try files.remove(TestCertificates.paths.certificate)
            try files.writeNew(TestCertificates.paths.certificate, Array(TestCertificates.twoCertificate.utf8))
            #expect(throws: TLSProblem.keyDoesNotFit(TestCertificates.paths)) { try identity.reload { _ in } }
            func speaks(_ certificate: String) async throws -> Bool {
                let client = try await RawClient.connect(port: server.port, trusting: certificate)
                await client.send(request)
                let answers = await client.answers(1)
                await client.close()
                return answers.map(\.status) == [200]
            }
            #expect(try await speaks(TestCertificates.oneCertificate))
            try files.remove(TestCertificates.paths.key)
            try files.writeNew(TestCertificates.paths.key, Array(TestCertificates.twoKey.utf8))
            try files.setPermissions(TestCertificates.paths.key, 0o600)
            try identity.reload { _ in }
            #expect(try await speaks(TestCertificates.twoCertificate))
            #expect(try await !speaks(TestCertificates.oneCertificate))
            await first.send(request)
            #expect(await first.answers(2).map(\.status) == [200, 200], "the old connection goes on")
            await first.close()
        }
    }

    @Test func `a session's cookie is for encrypted connections of this host alone`() async throws {
        let identity = try Self.identity(try TestCertificates.files(TestCertificates.oneCertificate, TestCertificates.oneKey))
        try await KeyedServer().run(tls: identity) { server async throws in
            let client = try await RawClient.connect(port: server.port, trusting: TestCertificates.oneCertificate)
            let body = "key=\(KeyedServer.reader)"
            await client.send(
                "POST /sign-in HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(await client.ends(within: .seconds(60)))
            let cookie = try #require(RawAnswer.all(in: client.received).first?["set-cookie"])
            #expect(cookie.hasPrefix("__Host-hearth-session=") && cookie.contains("; Secure"))
            await client.close()
        }
    }
}

@Suite struct `Certificates and their keys` {
    typealias Files = TestCertificates

    func problem(_ files: MemoryFileSystem) -> String? {
        do throws(TLSProblem) {
            _ = try `A server that encrypts`.identity(files)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `what is of no use is told by its file`() throws {
        #expect(problem(try Files.files(Files.oneCertificate, Files.oneKey)) == nil)
        #expect(problem(try Files.files(Files.oneCertificate + "\n" + Files.twoCertificate, Files.oneKey)) == nil)
        for (certificate, key, expected) in [
            (nil, Files.oneKey, "the certificate /server.pem is not there (--tls-certificate)."),
            (Files.oneCertificate, nil, "the certificate's key: /server.key is not there. (--tls-key)"),
            (Files.oneKey, Files.oneKey, "/server.pem holds no certificate in PEM"),
            ("", Files.oneKey, "/server.pem holds no certificate"),
            (Files.oneCertificate, Files.oneCertificate, "/server.key holds no key in PEM"),
            (Files.oneCertificate, "", "holds no key in PEM"),
            (Files.oneCertificate, Files.twoKey, "the key /server.key is not the one of the certificate /server.pem."),
        ] as [(String?, String?, String)] {
            let found = problem(try Files.files(certificate, key))
            #expect(found?.contains(expected) == true, "\(found ?? "taken") for \(expected)")
            #expect(found?.contains("BEGIN EC") != true && found?.contains("MI") != true)
        }
        for permissions: UInt32 in [0o640, 0o604, 0o644] {
            let files = try Files.files(Files.oneCertificate, Files.oneKey)
            try files.setPermissions(Files.paths.key, permissions)
            #expect(problem(files)?.contains("(mode \(String(permissions, radix: 8)))") == true)
        }
        let files = try Files.files(Files.oneCertificate, Files.oneKey)
        files.giveAway(Files.paths.key)
        #expect(problem(files)?.contains("belongs to another user") == true)
    }

    @Test func `one that has ended, or has not begun, is told and taken`() throws {
        func warnings(_ files: MemoryFileSystem, at now: String) throws -> [String] {
            let told = Mutex<[String]>([])
            let now = try #require(Instant(isoText: now))
            let identity = try TLSIdentity(Files.paths, on: files, now: { now }) { sentence in
                told.withLock { $0.append(sentence) }
            }
            try identity.reload { sentence in told.withLock { $0.append(sentence) } }
            return told.withLock { $0 }
        }
        let ended = "the certificate /server.pem ended at 2020-02-01T00:00:00Z; clients will refuse it"
        #expect(try warnings(try Files.files(Files.oldCertificate, Files.oldKey), at: "2026-11-21T08:00:00Z") == [ended, ended])
        #expect(try warnings(try Files.files(Files.oldCertificate, Files.oldKey), at: "2020-01-15T08:00:00Z").isEmpty)
        #expect(
            try warnings(try Files.files(Files.oldCertificate, Files.oldKey), at: "2019-01-15T08:00:00Z").first?
                .contains("is not valid before 2020-01-01T00:00:00Z") == true)
    }

    @Test func `other machines may connect where there are keys and a certificate, and not with one alone`() throws {
        let identity = try `A server that encrypts`.identity(try Files.files(Files.oneCertificate, Files.oneKey))
        let limits = LimitValues(ServiceLimits.definitions)
        let doorkeeper = Doorkeeper(KeyedServer.ring(), limits: limits, speaksTLS: true, now: { Instant(microseconds: 0) })
        func problem(_ doorkeeper: Doorkeeper?, _ tls: TLSIdentity?) -> String? {
            do throws(ServiceSettings.Problem) {
                try ServiceSettings(address: ListenAddress(host: "0.0.0.0", port: 8443), doorkeeper: doorkeeper, tls: tls).check()
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(problem(doorkeeper, identity) == nil)
        #expect(problem(nil, identity)?.contains("no keys are configured") == true)
        #expect(problem(doorkeeper, nil)?.contains("--tls-certificate") == true)
    }
}
