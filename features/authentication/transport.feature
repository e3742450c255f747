Feature: Authentication: transport by TLS
  Whether services are reached by HTTPS only, by which versions of TLS, and with which cipher suites.

  Rule: Services are there by HTTPS only [04_authentication.md § Authentication]

    @AUTH-TLS-01
    Scenario Outline: A request without encryption
      When somebody asks the <service> service for something by plain HTTP
      Then it is not served there

      Examples:
        | service |
        | rcp     |
        | pcp     |
        | cps     |
        | ccp     |
        | pki     |
        | event   |

  Rule: TLS 1.3 is there, and nothing older than TLS 1.2 [04_authentication.md § Authentication]

    @needs.sockets
    Scenario Outline: A connection that insists on a version
      When somebody connects to the <service> service by TLS <version> alone
      Then the connection <becomes>

      Examples:
        | requirement | service | version | becomes        |
        | AUTH-TLS-02 | rcp     | 1.3     | should be made |
        | AUTH-TLS-02 | pcp     | 1.3     | should be made |
        | AUTH-TLS-02 | cps     | 1.3     | should be made |
        | AUTH-TLS-02 | ccp     | 1.3     | should be made |
        | AUTH-TLS-02 | pki     | 1.3     | should be made |
        | AUTH-TLS-02 | event   | 1.3     | should be made |
        | AUTH-TLS-03 | rcp     | 1.1     | is refused     |
        | AUTH-TLS-03 | pcp     | 1.1     | is refused     |
        | AUTH-TLS-03 | cps     | 1.1     | is refused     |
        | AUTH-TLS-03 | ccp     | 1.1     | is refused     |
        | AUTH-TLS-03 | pki     | 1.1     | is refused     |
        | AUTH-TLS-03 | event   | 1.1     | is refused     |

  Rule: What is agreed on encrypts, authenticates the service and keeps past connections secret [04_authentication.md § Authentication]

    @AUTH-TLS-04 @needs.sockets
    Scenario Outline: A connection that insists on weak suites
      When somebody offers the <service> service TLS 1.2 <suites> alone
      Then there is no connection <suites>

      Examples:
        | service | suites                  |
        | rcp     | without encryption      |
        | pcp     | without encryption      |
        | cps     | without encryption      |
        | ccp     | without encryption      |
        | pki     | without encryption      |
        | event   | without encryption      |
        | rcp     | without a certificate   |
        | pcp     | without a certificate   |
        | cps     | without a certificate   |
        | ccp     | without a certificate   |
        | pki     | without a certificate   |
        | event   | without a certificate   |
        | rcp     | without forward secrecy |
        | pcp     | without forward secrecy |
        | cps     | without forward secrecy |
        | ccp     | without forward secrecy |
        | pki     | without forward secrecy |
        | event   | without forward secrecy |
