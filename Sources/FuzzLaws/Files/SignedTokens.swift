/// Public keys, and a token signed with the private half of each, which is gone: of `sub` u-1, until an hour after 2026-11-21T08:00:00Z.
/// Made with OpenSSL, so that what another program signs is what is taken; tests of `Access` read them too.
package enum SignedTokens {
    package static let all: [(algorithm: String, key: String, token: String)] = [
        (
            "ES256",
            """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECR0wfmhayfYA5rF/+jcTVFBsj5fu
            Owe1WxmHxPmnHMNxO9vTieH7DePITwX9DCn7KtusV4G7H7FGSHndn5tzwQ==
            -----END PUBLIC KEY-----
            """,
            """
            eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IkVTMjU2In0.eyJpc3MiOiJodHRwczovL3Nzby5leGFtcGxlIiwiYXVkIjoiaGVhcn\
            RoIiwic3ViIjoidS0xIiwiZXhwIjoxNzk1MjUxNjAwLCJpYXQiOjE3OTUyNDgwMDAsImh0dHBzOi8vZXhhbXBsZS5vcmcvcm9sZSI6IkxPQ0FM\
            IiwiaHR0cHM6Ly9leGFtcGxlLm9yZy9hcmVhIjpbIjQxIiwiNDIiXX0.dliTEVQOhdyv6PQGJ9V75JWjHm2eUz1eK8uXqu7SFclAIkGy5yOGim\
            RW3WVdlyZoOkZ9f7aFmRfT9mJ5OixIgw
            """
        ),
        (
            "ES384",
            """
            -----BEGIN PUBLIC KEY-----
            MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEaOKE4OEKPtjn2IaXiOth8qqXF/we8d1m
            Opn31EYaveFcR/iKvHAnLgIH05v+w2C7onlA/jFGnUM2gj2fsjUYCwN8uuq9DphK
            29OW8+Q5NW5O2W6AOGPvYGAgt2W/wMJl
            -----END PUBLIC KEY-----
            """,
            """
            eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCIsImtpZCI6IkVTMzg0In0.eyJpc3MiOiJodHRwczovL3Nzby5leGFtcGxlIiwiYXVkIjoiaGVhcn\
            RoIiwic3ViIjoidS0xIiwiZXhwIjoxNzk1MjUxNjAwLCJpYXQiOjE3OTUyNDgwMDAsImh0dHBzOi8vZXhhbXBsZS5vcmcvcm9sZSI6IkxPQ0FM\
            IiwiaHR0cHM6Ly9leGFtcGxlLm9yZy9hcmVhIjpbIjQxIiwiNDIiXX0.VFYtWV_An1PEph_kKkdzPUIbLgDInCOpGKLaIu6RKwgbDUTjovrfKP\
            naPSSwmwGEoL4QxGw4uJa1lq0g0yCf_OuIyqyX4AH32tFTkDSn1WugkcR6JzKVSZ8fRP5R1z1b
            """
        ),
        (
            "EdDSA",
            """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAJLXzItcvq8f47RDAoSMHyZFWtfDBj9804BdbT0dwZnM=
            -----END PUBLIC KEY-----
            """,
            """
            eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6IkVkRFNBIn0.eyJpc3MiOiJodHRwczovL3Nzby5leGFtcGxlIiwiYXVkIjoiaGVhcn\
            RoIiwic3ViIjoidS0xIiwiZXhwIjoxNzk1MjUxNjAwLCJpYXQiOjE3OTUyNDgwMDAsImh0dHBzOi8vZXhhbXBsZS5vcmcvcm9sZSI6IkxPQ0FM\
            IiwiaHR0cHM6Ly9leGFtcGxlLm9yZy9hcmVhIjpbIjQxIiwiNDIiXX0.8bBc2DYBYBjnD-5AmGP4J1REQK23b2wqmDPQtJLwuqfDyXqEAvKp6k\
            NJvG1i1gDWJGcNakS5t20Cpy9_Iz6sCw
            """
        ),
        (
            "RS256",
            """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3d0Prgkub2uck6/IanLO
            96otfi/6hnN4wQaFhFlXWVUs4usSVvdxL3dhkVn6E8EiS53tYaX+hF9bms5YAsPP
            ijjMXFzdzwHHRKvGRroOOVlf9lmTHAb0xwbV6Nj5IIBOyFRn2YpIx73Ht0c4jV80
            TIk2Hbc0uS6S41hasCpVfp64k1fHPIUqKmVG2Rxnhsy6Uk/eqys+yPqp37jK7to7
            kjGr1l1aQem/P//RRKCbKDtpdFGHHyTGhVAYE3MVlExoAXUCom4dm+YtLeNmTwQF
            toloHcV73isd3CPTyRt/5A68qIVLtrFwqfXoIedczBwPWKPDpG8pB4uNWR8qG856
            0QIDAQAB
            -----END PUBLIC KEY-----
            """,
            """
            eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL3Nzby5leGFtcGxlIiwiYXVkIjoiaGVhcn\
            RoIiwic3ViIjoidS0xIiwiZXhwIjoxNzk1MjUxNjAwLCJpYXQiOjE3OTUyNDgwMDAsImh0dHBzOi8vZXhhbXBsZS5vcmcvcm9sZSI6IkxPQ0FM\
            IiwiaHR0cHM6Ly9leGFtcGxlLm9yZy9hcmVhIjpbIjQxIiwiNDIiXX0.KbgUaqhqp000db9cFTD7yTNRdeBO0LOnEKY1eGeOdHk6YAwlblrWOR\
            AhKtbHi29pSlR3KcK4ImuJ6hQEnsABiO6S_zPiwcNXthXx-_UGzaBuCQrFue-2e-6oZXcMQX2rM5yK318hPZQupwVofOCK1JqSYP-zK2PGn_Hw\
            4Xrs93N_38h62kbVK8CaxwIbHzLSP7nYymNbjQJ8e8h4vmKoXJHH9Mi7BGDkrPiP8hsYAlycmAa0hz0Oy-jhQJypMoB7okrCiSXy9_ER9_3pZI\
            -7mBPbzXegM88yxTJGukgwzXJMWqt9les_cpDP4fNAT1XmV4uQkLN5jwhsdp5dooajDQ
            """
        ),
        (
            "PS256",
            """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqwAEDq3riML18Ij/txWw
            Y1mEhYs/oRY0ql1OeNMqxOTIfScviaLxUD1XluraZ+Yd3FGJ23keW7Z6MTj0ZyQy
            /O+wbd6olXqUdF5LL6MOqBauX1iTQ4/5oAVA2YWDsDCkgiuhFJI7CTqtgdMBL4CF
            xr/rxLs9wCcQJ1DRHmSIcHU8bb4KF7E0REX/N+z0VHgEZtLLax4wT3b6trHigLts
            5pPgzaYlkRGik2ltYUt1SIRSP8jj8o6FrIXm8fJSqzU/JQZxaLN9+9UEynq2RLBp
            99eNfMghgLDc0q/cIeRjXIOpP/3GP8tqWj7aDgSp+efBSCfzOBk7jEoaQMOZCfLM
            TQIDAQAB
            -----END PUBLIC KEY-----
            """,
            """
            eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlBTMjU2In0.eyJpc3MiOiJodHRwczovL3Nzby5leGFtcGxlIiwiYXVkIjoiaGVhcn\
            RoIiwic3ViIjoidS0xIiwiZXhwIjoxNzk1MjUxNjAwLCJpYXQiOjE3OTUyNDgwMDAsImh0dHBzOi8vZXhhbXBsZS5vcmcvcm9sZSI6IkxPQ0FM\
            IiwiaHR0cHM6Ly9leGFtcGxlLm9yZy9hcmVhIjpbIjQxIiwiNDIiXX0.SVljwNRroG_F6wa5kTNjkZie-COyAUQ3MG0x1ESAKZ3oR8CufYzCrC\
            2Abi9HBxzYpKfvnQJOTM2zFMr72WlZRBvCgAqOUHNavVSBhfSP2WveITt1YOQr-ER_kypNIiLyEfo9iWXDbP7SdT2g3HboSLtJtvaFCzDbvNjv\
            sEPNoZW3lnpPODJhEWR8Ffv2U7JXzl1gLmwslOuMXmcDxefFsd-E6aB3SBjB19xvG-nxlhoZNfpFv4V6u9P5GxpbDLk5pPMlx9STkiOpt3601E\
            JYMhB3M3-9RKkoSPRoi0tvU2Jdy0zjACBU3LvpDvSZvXQzHU3QpM65b9zuH90zNOS21A
            """
        ),
    ]
}
