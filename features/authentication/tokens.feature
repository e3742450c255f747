Feature: Authentication: OAuth 2.0 access tokens
  Whether services let in whoever shows a valid bearer token, grant no more than the token says, and refuse
  a request with no token or with one that is not genuine.

  Rule: A party shows who it is by a bearer token [04_authentication.md § Oauth2]

    @AUTH-OAUTH-01
    Scenario Outline: A genuine token
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its token as "<scheme>"
      Then the request is served

      Examples:
        # table: token_schemes
        | operation               | party | scheme |
        | getRootCertificatesV1   | oem   | Bearer |
        | getRootCertificatesV1   | oem   | bearer |
        | getRootCertificatesV1   | oem   | BEARER |
        | lookupVehicleV1         | oem   | Bearer |
        | lookupVehicleV1         | oem   | bearer |
        | lookupVehicleV1         | oem   | BEARER |
        | revokeCertV1            | cpo   | Bearer |
        | revokeCertV1            | cpo   | bearer |
        | revokeCertV1            | cpo   | BEARER |
        | getCpsCertificatesV1    | oem   | Bearer |
        | getCpsCertificatesV1    | oem   | bearer |
        | getCpsCertificatesV1    | oem   | BEARER |
        | getContractDataByPcidV1 | oem   | Bearer |
        | getContractDataByPcidV1 | oem   | bearer |
        | getContractDataByPcidV1 | oem   | BEARER |
        | get-webhook-endpoints   | oem   | Bearer |
        | get-webhook-endpoints   | oem   | bearer |
        | get-webhook-endpoints   | oem   | BEARER |

    @AUTH-OAUTH-01 @needs.clock
    Scenario Outline: A token that is signed with a new key
      Given a valid request of <operation> about something of the <party>
      And an access token of the <party> that does not last
      When the keys of the authorization server have been replaced
      And the <party> makes that request
      Then the request is served

      Examples:
        # table: guarded
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | revokeCertV1            | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |

    @AUTH-OAUTH-04
    Scenario: What a token says
      When the oem gets an access token
      Then its claims can be read

  Rule: The token says what its party may do [04_authentication.md § Oauth2]

    @AUTH-OAUTH-03 @mutates
    Scenario Outline: A token of another role
      Given a valid request of <operation> about something of the <owner>
      When the <party> makes that request
      Then the request is refused, for the party has no right to it

      Examples:
        # table: other_roles
        | operation                       | owner | party |
        | deleteProvisioningCertificateV1 | oem   | cpo   |
        | revokeCertV1                    | cpo   | cps   |
        | generateAndSignContractDataV1   | emsp  | oem   |
        | getContractDataByPcidV1         | oem   | emsp  |

    @AUTH-OAUTH-03 @mutates
    Scenario: A token of another role than the administrator's
      Given a valid request of putRootCertificateV1 about something of the administrator
      When the oem makes that request
      Then the answer is 403, or another refusal of what is the administrator's (ERR-014)

  Rule: Without a token nobody gets in [04_authentication.md § Authentication]

    @AUTH-SEC-01
    Scenario Outline: No token
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with <what> in its header
      Then the answer is 401
      And it says how to authenticate

      Examples:
        # table: no_credentials
        | operation               | party | what                                 |
        | getRootCertificatesV1   | oem   | an empty authorization               |
        | getRootCertificatesV1   | oem   | a scheme and no token                |
        | getRootCertificatesV1   | oem   | a token and no scheme                |
        | getRootCertificatesV1   | oem   | its client secret instead of a token |
        | lookupVehicleV1         | oem   | an empty authorization               |
        | lookupVehicleV1         | oem   | a scheme and no token                |
        | lookupVehicleV1         | oem   | a token and no scheme                |
        | lookupVehicleV1         | oem   | its client secret instead of a token |
        | revokeCertV1            | cpo   | an empty authorization               |
        | revokeCertV1            | cpo   | a scheme and no token                |
        | revokeCertV1            | cpo   | a token and no scheme                |
        | revokeCertV1            | cpo   | its client secret instead of a token |
        | getCpsCertificatesV1    | oem   | an empty authorization               |
        | getCpsCertificatesV1    | oem   | a scheme and no token                |
        | getCpsCertificatesV1    | oem   | a token and no scheme                |
        | getCpsCertificatesV1    | oem   | its client secret instead of a token |
        | getContractDataByPcidV1 | oem   | an empty authorization               |
        | getContractDataByPcidV1 | oem   | a scheme and no token                |
        | getContractDataByPcidV1 | oem   | a token and no scheme                |
        | getContractDataByPcidV1 | oem   | its client secret instead of a token |
        | get-webhook-endpoints   | oem   | an empty authorization               |
        | get-webhook-endpoints   | oem   | a scheme and no token                |
        | get-webhook-endpoints   | oem   | a token and no scheme                |
        | get-webhook-endpoints   | oem   | its client secret instead of a token |

    @AUTH-SEC-01
    Scenario Outline: A token in the address
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with its token in the address
      Then the token is not accepted there

      Examples:
        # table: guarded
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | revokeCertV1            | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |

  Rule: Only a genuine token that is valid lets a party in [04_authentication.md § Oauth2]

    @AUTH-OAUTH-02
    Scenario Outline: A token that is not genuine
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a token that is <forgery>
      Then the answer is 401
      And it says how to authenticate

      Examples:
        # table: forged_tokens
        | operation               | party | forgery                                |
        | getRootCertificatesV1   | oem   | made up                                |
        | getRootCertificatesV1   | oem   | cut short                              |
        | getRootCertificatesV1   | oem   | altered                                |
        | getRootCertificatesV1   | oem   | given other claims                     |
        | getRootCertificatesV1   | oem   | signed with another key                |
        | getRootCertificatesV1   | oem   | signed with a key nobody knows         |
        | getRootCertificatesV1   | oem   | signed with a key it brings along      |
        | getRootCertificatesV1   | oem   | signed with a key it points to         |
        | getRootCertificatesV1   | oem   | issued by somebody else                |
        | getRootCertificatesV1   | oem   | not signed                             |
        | getRootCertificatesV1   | oem   | signed with the public key as a secret |
        | lookupVehicleV1         | oem   | made up                                |
        | lookupVehicleV1         | oem   | cut short                              |
        | lookupVehicleV1         | oem   | altered                                |
        | lookupVehicleV1         | oem   | given other claims                     |
        | lookupVehicleV1         | oem   | signed with another key                |
        | lookupVehicleV1         | oem   | signed with a key nobody knows         |
        | lookupVehicleV1         | oem   | signed with a key it brings along      |
        | lookupVehicleV1         | oem   | signed with a key it points to         |
        | lookupVehicleV1         | oem   | issued by somebody else                |
        | lookupVehicleV1         | oem   | not signed                             |
        | lookupVehicleV1         | oem   | signed with the public key as a secret |
        | revokeCertV1            | cpo   | made up                                |
        | revokeCertV1            | cpo   | cut short                              |
        | revokeCertV1            | cpo   | altered                                |
        | revokeCertV1            | cpo   | given other claims                     |
        | revokeCertV1            | cpo   | signed with another key                |
        | revokeCertV1            | cpo   | signed with a key nobody knows         |
        | revokeCertV1            | cpo   | signed with a key it brings along      |
        | revokeCertV1            | cpo   | signed with a key it points to         |
        | revokeCertV1            | cpo   | issued by somebody else                |
        | revokeCertV1            | cpo   | not signed                             |
        | revokeCertV1            | cpo   | signed with the public key as a secret |
        | getCpsCertificatesV1    | oem   | made up                                |
        | getCpsCertificatesV1    | oem   | cut short                              |
        | getCpsCertificatesV1    | oem   | altered                                |
        | getCpsCertificatesV1    | oem   | given other claims                     |
        | getCpsCertificatesV1    | oem   | signed with another key                |
        | getCpsCertificatesV1    | oem   | signed with a key nobody knows         |
        | getCpsCertificatesV1    | oem   | signed with a key it brings along      |
        | getCpsCertificatesV1    | oem   | signed with a key it points to         |
        | getCpsCertificatesV1    | oem   | issued by somebody else                |
        | getCpsCertificatesV1    | oem   | not signed                             |
        | getCpsCertificatesV1    | oem   | signed with the public key as a secret |
        | getContractDataByPcidV1 | oem   | made up                                |
        | getContractDataByPcidV1 | oem   | cut short                              |
        | getContractDataByPcidV1 | oem   | altered                                |
        | getContractDataByPcidV1 | oem   | given other claims                     |
        | getContractDataByPcidV1 | oem   | signed with another key                |
        | getContractDataByPcidV1 | oem   | signed with a key nobody knows         |
        | getContractDataByPcidV1 | oem   | signed with a key it brings along      |
        | getContractDataByPcidV1 | oem   | signed with a key it points to         |
        | getContractDataByPcidV1 | oem   | issued by somebody else                |
        | getContractDataByPcidV1 | oem   | not signed                             |
        | getContractDataByPcidV1 | oem   | signed with the public key as a secret |
        | get-webhook-endpoints   | oem   | made up                                |
        | get-webhook-endpoints   | oem   | cut short                              |
        | get-webhook-endpoints   | oem   | altered                                |
        | get-webhook-endpoints   | oem   | given other claims                     |
        | get-webhook-endpoints   | oem   | signed with another key                |
        | get-webhook-endpoints   | oem   | signed with a key nobody knows         |
        | get-webhook-endpoints   | oem   | signed with a key it brings along      |
        | get-webhook-endpoints   | oem   | signed with a key it points to         |
        | get-webhook-endpoints   | oem   | issued by somebody else                |
        | get-webhook-endpoints   | oem   | not signed                             |
        | get-webhook-endpoints   | oem   | signed with the public key as a secret |

    @AUTH-OAUTH-02
    Scenario Outline: A token that has expired
      Given a valid request of <operation> about something of the <party>
      And an access token of the <party> that does not last
      When that token has expired
      And the <party> makes that request with that token
      Then the answer is 401
      And it says how to authenticate

      Examples:
        # table: guarded
        | operation               | party |
        | getRootCertificatesV1   | oem   |
        | lookupVehicleV1         | oem   |
        | revokeCertV1            | cpo   |
        | getCpsCertificatesV1    | oem   |
        | getContractDataByPcidV1 | oem   |
        | get-webhook-endpoints   | oem   |
