Feature: Interface: HTTP methods
  Whether methods that an operation does not have are refused, and what HEAD and OPTIONS are answered with.

  Rule: A method that an operation does not have is refused as such [ERR-174]

    @SYS-ERR-03
    Scenario Outline: A method that is not there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with the method <method>
      Then the method is refused

      Examples:
        # table: other_methods
        | operation               | party | method |
        | getRootCertificatesV1   | oem   | PATCH  |
        | getRootCertificatesV1   | oem   | TRACE  |
        | lookupVehicleV1         | oem   | PATCH  |
        | lookupVehicleV1         | oem   | TRACE  |
        | getCaCertsV1 for cpo    | cpo   | PATCH  |
        | getCaCertsV1 for cpo    | cpo   | TRACE  |
        | getCpsCertificatesV1    | oem   | PATCH  |
        | getCpsCertificatesV1    | oem   | TRACE  |
        | getContractDataByPcidV1 | oem   | PATCH  |
        | getContractDataByPcidV1 | oem   | TRACE  |
        | get-webhook-endpoints   | oem   | PATCH  |
        | get-webhook-endpoints   | oem   | TRACE  |

  Rule: HEAD answers as GET does, without the body [ERR-174]

    @SYS-ERR-03
    Scenario Outline: HEAD
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      And the <party> makes that request with the method HEAD as well
      Then both have the same status, and the second no body

      Examples:
        # table: representatives
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | getCaCertsV1 for cpo    | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |

  Rule: OPTIONS tells nothing of what a service keeps [ERR-174]

    @SYS-ERR-03
    Scenario Outline: OPTIONS
      Given a valid request of <operation> about something of the <party>
      When somebody without credentials makes that request with the method OPTIONS
      Then the answer holds nothing of what the service keeps

      Examples:
        # table: representatives
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | getCaCertsV1 for cpo    | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |
