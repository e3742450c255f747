@mutates
Feature: Authentication: rights at the CPS
  Whether each operation of the Certificate Provisioning Service serves the roles that the table of rights
  names, and refuses the others and whoever does not authenticate.

  Rule: A party that has the right is served [04_authentication.md § Roles&Rights]

    Scenario Outline: A party with the right
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served

      Examples:
        # table: granted of cps
        | requirement                                           | operation                     | party             |
        | AUTH-ROLE-CPS-GetCpsCertificates-OEM                  | getCpsCertificatesV1          | oem               |
        | AUTH-ROLE-CPS-GetCpsCertificates-CPO                  | getCpsCertificatesV1          | cpo               |
        | AUTH-ROLE-CPS-GetCpsCertificates-EMSP-OWNPKI          | getCpsCertificatesV1          | emsp with own pki |
        | AUTH-ROLE-CPS-GetCpsCertificates-EMSP-V2GPKI          | getCpsCertificatesV1          | emsp              |
        | AUTH-ROLE-CPS-GetCpsCertificates-CPS                  | getCpsCertificatesV1          | cps               |
        | AUTH-ROLE-CPS-SignContractData-EMSP-OWNPKI            | signContractDataV1            | emsp with own pki |
        | AUTH-ROLE-CPS-GenerateAndSignContractData-EMSP-V2GPKI | generateAndSignContractDataV1 | emsp              |

  Rule: A party that does not have the right is refused, and nothing happens [04_authentication.md § Roles&Rights]

    Scenario Outline: A party without the right
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the request is refused, for the party has no right to it
      And its state is unchanged

      Examples:
        # table: refused of cps
        | requirement                                           | operation                     | party             |
        | AUTH-ROLE-CPS-SignContractData-OEM                    | signContractDataV1            | oem               |
        | AUTH-ROLE-CPS-SignContractData-CPO                    | signContractDataV1            | cpo               |
        | AUTH-ROLE-CPS-SignContractData-EMSP-V2GPKI            | signContractDataV1            | emsp              |
        | AUTH-ROLE-CPS-SignContractData-CPS                    | signContractDataV1            | cps               |
        | AUTH-ROLE-CPS-GenerateAndSignContractData-OEM         | generateAndSignContractDataV1 | oem               |
        | AUTH-ROLE-CPS-GenerateAndSignContractData-CPO         | generateAndSignContractDataV1 | cpo               |
        | AUTH-ROLE-CPS-GenerateAndSignContractData-EMSP-OWNPKI | generateAndSignContractDataV1 | emsp with own pki |
        | AUTH-ROLE-CPS-GenerateAndSignContractData-CPS         | generateAndSignContractDataV1 | cps               |

  Rule: Whoever does not authenticate is refused, and nothing happens [04_authentication.md § Authentication]

    Scenario Outline: Without credentials
      Given a valid request of <operation>
      And the state of its service
      When somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401
      And its state is unchanged

      Examples:
        # table: anonymous of cps
        | requirement                              | operation                     |
        | AUTH-401-CPS-signContractData            | signContractDataV1            |
        | AUTH-401-CPS-generateAndSignContractData | generateAndSignContractDataV1 |
        | AUTH-401-CPS-getCpsCertificates          | getCpsCertificatesV1          |
