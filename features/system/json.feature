@mutates
Feature: JSON

  Rule: Bodies are JSON and say so

    @SYS-JSON-01
    Scenario Outline: A body that is called something else
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a body called "text/plain"
      Then the answer is 415 or 400

      Examples:
        # table: json_requests
        | operation                    | party         |
        | putRootCertificateV1         | administrator |
        | addProvisioningCertificateV1 | oem           |
        | revokeCertV1                 | oem           |
        | postEndpointV1               | oem           |
        | updateEndpointByIdV1         | oem           |

    @SYS-JSON-01
    Scenario Outline: A body that is called JSON in another way
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a body called "<media type>"
      Then the request is served

      Examples:
        # table: json_media_types
        | operation                    | party         | media type                      |
        | putRootCertificateV1         | administrator | application/json; charset=utf-8 |
        | putRootCertificateV1         | administrator | Application/JSON                |
        | addProvisioningCertificateV1 | oem           | application/json; charset=utf-8 |
        | addProvisioningCertificateV1 | oem           | Application/JSON                |
        | revokeCertV1                 | oem           | application/json; charset=utf-8 |
        | revokeCertV1                 | oem           | Application/JSON                |
        | postEndpointV1               | oem           | application/json; charset=utf-8 |
        | postEndpointV1               | oem           | Application/JSON                |
        | updateEndpointByIdV1         | oem           | application/json; charset=utf-8 |
        | updateEndpointByIdV1         | oem           | Application/JSON                |

  Rule: What is not known is ignored

    @SYS-JSON-02
    Scenario Outline: An unknown member
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a member that nobody knows
      Then the request is served

      Examples:
        # table: json_requests
        | operation                    | party         |
        | putRootCertificateV1         | administrator |
        | addProvisioningCertificateV1 | oem           |
        | revokeCertV1                 | oem           |
        | postEndpointV1               | oem           |
        | updateEndpointByIdV1         | oem           |

  Rule: Members are spelled as published

    @SYS-JSON-03
    Scenario Outline: Another spelling of a member
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with <member> spelled <spelling>
      Then the request is refused with 400

      Examples:
        # table: misspelled_members
        | operation                    | party         | member                                   | spelling                     |
        | putRootCertificateV1         | administrator | caCertificate                            | cacertificate                |
        | addProvisioningCertificateV1 | oem           | provisioningCertificateChain             | provisioningcertificatechain |
        | addProvisioningCertificateV1 | oem           | provisioningCertificateChain.certificate | Certificate                  |
        | revokeCertV1                 | oem           | certificate                              | Certificate                  |
        | revokeCertV1                 | oem           | revocationReason                         | revocationreason             |
        | postEndpointV1               | oem           | enabledEvents                            | enabledevents                |
        | postEndpointV1               | oem           | url                                      | Url                          |
        | updateEndpointByIdV1         | oem           | url                                      | Url                          |

  Rule: Dates are those of RFC 3339

    @SYS-JSON-04
    Scenario Outline: The dates of an answer
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then every date in the answer is one of RFC 3339

      Examples:
        # table: answers_with_dates
        | operation             | party |
        | getRootCertificateV1  | oem   |
        | getRootCertificatesV1 | oem   |
