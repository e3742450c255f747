@mutates
Feature: Authentication: rights at the CCP
  Whether each operation of the Contract Certificate Pool serves the roles that the table of rights names,
  and refuses the others and whoever does not authenticate.

  Rule: A party that has the right is served [04_authentication.md § Roles&Rights]

    Scenario Outline: A party with the right
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served

      Examples:
        # table: granted of ccp
        | requirement                                                         | operation                                           | party             |
        | AUTH-ROLE-CCP-GetSignedContractDataByCertificateInstallationReq-CPO | getSignedContractDataByCertificateInstallationReqV1 | cpo               |
        | AUTH-ROLE-CCP-DeleteSignedContractDataByEmaid-EMSP-OWNPKI           | deleteSignedContractDataByEmaidV1                   | emsp with own pki |
        | AUTH-ROLE-CCP-DeleteSignedContractDataByEmaid-EMSP-V2GPKI           | deleteSignedContractDataByEmaidV1                   | emsp              |
        | AUTH-ROLE-CCP-GetContractDataByEmaid-EMSP-OWNPKI                    | getContractDataByEmaidV1                            | emsp with own pki |
        | AUTH-ROLE-CCP-GetContractDataByEmaid-EMSP-V2GPKI                    | getContractDataByEmaidV1                            | emsp              |
        | AUTH-ROLE-CCP-GetContractDataByPcid-OEM                             | getContractDataByPcidV1                             | oem               |
        | AUTH-ROLE-CCP-GetSignedContractDataByEmaidAndPcid-OEM               | getSignedContractDataByEmaidAndPcidV1               | oem               |
        | AUTH-ROLE-CCP-AddSignedContractData-EMSP-OWNPKI                     | addSignedContractDataV1                             | emsp with own pki |
        | AUTH-ROLE-CCP-AddSignedContractData-EMSP-V2GPKI                     | addSignedContractDataV1                             | emsp              |
        | AUTH-ROLE-CCP-AddSignedContractData-CPS                             | addSignedContractDataV1                             | cps               |
        | AUTH-ROLE-CCP-SetSignedContractDataAsDefault-OEM                    | setSignedContractDataAsDefaultV1                    | oem               |

  Rule: A party that does not have the right is refused, and nothing happens [04_authentication.md § Roles&Rights]

    Scenario Outline: A party without the right
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the request is refused, for the party has no right to it
      And its state is unchanged

      Examples:
        # table: refused of ccp
        | requirement                                                                 | operation                                           | party             |
        | AUTH-ROLE-CCP-GetSignedContractDataByCertificateInstallationReq-OEM         | getSignedContractDataByCertificateInstallationReqV1 | oem               |
        | AUTH-ROLE-CCP-GetSignedContractDataByCertificateInstallationReq-EMSP-OWNPKI | getSignedContractDataByCertificateInstallationReqV1 | emsp with own pki |
        | AUTH-ROLE-CCP-GetSignedContractDataByCertificateInstallationReq-EMSP-V2GPKI | getSignedContractDataByCertificateInstallationReqV1 | emsp              |
        | AUTH-ROLE-CCP-GetSignedContractDataByCertificateInstallationReq-CPS         | getSignedContractDataByCertificateInstallationReqV1 | cps               |
        | AUTH-ROLE-CCP-DeleteSignedContractDataByEmaid-OEM                           | deleteSignedContractDataByEmaidV1                   | oem               |
        | AUTH-ROLE-CCP-DeleteSignedContractDataByEmaid-CPO                           | deleteSignedContractDataByEmaidV1                   | cpo               |
        | AUTH-ROLE-CCP-DeleteSignedContractDataByEmaid-CPS                           | deleteSignedContractDataByEmaidV1                   | cps               |
        | AUTH-ROLE-CCP-GetContractDataByEmaid-OEM                                    | getContractDataByEmaidV1                            | oem               |
        | AUTH-ROLE-CCP-GetContractDataByEmaid-CPO                                    | getContractDataByEmaidV1                            | cpo               |
        | AUTH-ROLE-CCP-GetContractDataByEmaid-CPS                                    | getContractDataByEmaidV1                            | cps               |
        | AUTH-ROLE-CCP-GetContractDataByPcid-CPO                                     | getContractDataByPcidV1                             | cpo               |
        | AUTH-ROLE-CCP-GetContractDataByPcid-EMSP-OWNPKI                             | getContractDataByPcidV1                             | emsp with own pki |
        | AUTH-ROLE-CCP-GetContractDataByPcid-EMSP-V2GPKI                             | getContractDataByPcidV1                             | emsp              |
        | AUTH-ROLE-CCP-GetContractDataByPcid-CPS                                     | getContractDataByPcidV1                             | cps               |
        | AUTH-ROLE-CCP-GetSignedContractDataByEmaidAndPcid-CPO                       | getSignedContractDataByEmaidAndPcidV1               | cpo               |
        | AUTH-ROLE-CCP-GetSignedContractDataByEmaidAndPcid-EMSP-OWNPKI               | getSignedContractDataByEmaidAndPcidV1               | emsp with own pki |
        | AUTH-ROLE-CCP-GetSignedContractDataByEmaidAndPcid-EMSP-V2GPKI               | getSignedContractDataByEmaidAndPcidV1               | emsp              |
        | AUTH-ROLE-CCP-GetSignedContractDataByEmaidAndPcid-CPS                       | getSignedContractDataByEmaidAndPcidV1               | cps               |
        | AUTH-ROLE-CCP-AddSignedContractData-CPO                                     | addSignedContractDataV1                             | cpo               |
        | AUTH-ROLE-CCP-SetSignedContractDataAsDefault-CPO                            | setSignedContractDataAsDefaultV1                    | cpo               |
        | AUTH-ROLE-CCP-SetSignedContractDataAsDefault-EMSP-OWNPKI                    | setSignedContractDataAsDefaultV1                    | emsp with own pki |
        | AUTH-ROLE-CCP-SetSignedContractDataAsDefault-EMSP-V2GPKI                    | setSignedContractDataAsDefaultV1                    | emsp              |
        | AUTH-ROLE-CCP-SetSignedContractDataAsDefault-CPS                            | setSignedContractDataAsDefaultV1                    | cps               |

    Scenario Outline: A party without the right by the cell of the table alone
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the request is refused, or served as "POST" may be read (ERR-150)
      And its state is unchanged where it was refused

      Examples:
        # table: refused by the cell of ccp
        | requirement                             | operation               | party |
        | AUTH-ROLE-CCP-AddSignedContractData-OEM | addSignedContractDataV1 | oem   |

  Rule: Whoever does not authenticate is refused, and nothing happens [04_authentication.md § Authentication]

    Scenario Outline: Without credentials
      Given a valid request of <operation>
      And the state of its service
      When somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401
      And its state is unchanged

      Examples:
        # table: anonymous of ccp
        | requirement                                      | operation                                           |
        | AUTH-401-CCP-getByCIR                            | getSignedContractDataByCertificateInstallationReqV1 |
        | AUTH-401-CCP-addSignedContractData               | addSignedContractDataV1                             |
        | AUTH-401-CCP-deleteSignedContractDataByEmaid     | deleteSignedContractDataByEmaidV1                   |
        | AUTH-401-CCP-getContractDataByEmaid              | getContractDataByEmaidV1                            |
        | AUTH-401-CCP-getContractDataByPcid               | getContractDataByPcidV1                             |
        | AUTH-401-CCP-getSignedContractDataByEmaidAndPcid | getSignedContractDataByEmaidAndPcidV1               |
        | AUTH-401-CCP-setSignedContractDataAsDefault      | setSignedContractDataAsDefaultV1                    |
