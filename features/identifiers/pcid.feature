@mutates
Feature: Identifiers: PCID
  Whether services take and refuse the same PCIDs by length, characters, WMI, check digit and letter case,
  and whether the certificate bears its PCID.

  Rule: A PCID has 17 or 18 letters and digits [pcidParam.v1.json#/pattern; ERR-162]

    Scenario Outline: Either length
      Given a valid request of <operation> about a PCID of <length> characters of the <owner>
      When the <party> makes that request
      Then the request is served

      Examples:
        # table: pcids
        | requirement | owner             | operation                             | party             | length |
        | IDS-PCID-01 | oem               | deleteProvisioningCertificateV1       | oem               | 17     |
        | IDS-PCID-01 | oem               | deleteProvisioningCertificateV1       | oem               | 18     |
        | IDS-PCID-01 | oem               | getProvisioningCertificateV1          | oem               | 17     |
        | IDS-PCID-01 | oem               | getProvisioningCertificateV1          | oem               | 18     |
        | IDS-PCID-01 | oem               | lookupVehicleV1                       | oem               | 17     |
        | IDS-PCID-01 | oem               | lookupVehicleV1                       | oem               | 18     |
        | IDS-PCID-01 | emsp with own pki | signContractDataV1                    | emsp with own pki | 17     |
        | IDS-PCID-01 | emsp with own pki | signContractDataV1                    | emsp with own pki | 18     |
        | IDS-PCID-01 | emsp              | generateAndSignContractDataV1         | emsp              | 17     |
        | IDS-PCID-01 | emsp              | generateAndSignContractDataV1         | emsp              | 18     |
        | IDS-PCID-01 | oem               | getContractDataByPcidV1               | oem               | 17     |
        | IDS-PCID-01 | oem               | getContractDataByPcidV1               | oem               | 18     |
        | IDS-PCID-01 | oem               | getSignedContractDataByEmaidAndPcidV1 | oem               | 17     |
        | IDS-PCID-01 | oem               | getSignedContractDataByEmaidAndPcidV1 | oem               | 18     |
        | IDS-PCID-01 | emsp with own pki | addSignedContractDataV1               | emsp with own pki | 17     |
        | IDS-PCID-01 | emsp with own pki | addSignedContractDataV1               | emsp with own pki | 18     |
        | IDS-PCID-01 | oem               | setSignedContractDataAsDefaultV1      | oem               | 17     |
        | IDS-PCID-01 | oem               | setSignedContractDataAsDefaultV1      | oem               | 18     |

    @IDS-PCID-02
    Scenario Outline: No PCID
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request with a PCID <wrong>
      Then the request is refused with 400

      Examples:
        # table: wrong_pcids
        | operation                             | party             | wrong                   |
        | deleteProvisioningCertificateV1       | oem               | of 16 characters        |
        | deleteProvisioningCertificateV1       | oem               | of 19 characters        |
        | deleteProvisioningCertificateV1       | oem               | with a hyphen           |
        | deleteProvisioningCertificateV1       | oem               | with an umlaut          |
        | deleteProvisioningCertificateV1       | oem               | with a full-width digit |
        | getProvisioningCertificateV1          | oem               | of 16 characters        |
        | getProvisioningCertificateV1          | oem               | of 19 characters        |
        | getProvisioningCertificateV1          | oem               | with a hyphen           |
        | getProvisioningCertificateV1          | oem               | with an umlaut          |
        | getProvisioningCertificateV1          | oem               | with a full-width digit |
        | lookupVehicleV1                       | oem               | of 16 characters        |
        | lookupVehicleV1                       | oem               | of 19 characters        |
        | lookupVehicleV1                       | oem               | with a hyphen           |
        | lookupVehicleV1                       | oem               | with an umlaut          |
        | lookupVehicleV1                       | oem               | with a full-width digit |
        | signContractDataV1                    | emsp with own pki | of 16 characters        |
        | signContractDataV1                    | emsp with own pki | of 19 characters        |
        | signContractDataV1                    | emsp with own pki | with a hyphen           |
        | signContractDataV1                    | emsp with own pki | with an umlaut          |
        | signContractDataV1                    | emsp with own pki | with a full-width digit |
        | generateAndSignContractDataV1         | emsp              | of 16 characters        |
        | generateAndSignContractDataV1         | emsp              | of 19 characters        |
        | generateAndSignContractDataV1         | emsp              | with a hyphen           |
        | generateAndSignContractDataV1         | emsp              | with an umlaut          |
        | generateAndSignContractDataV1         | emsp              | with a full-width digit |
        | getContractDataByPcidV1               | oem               | of 16 characters        |
        | getContractDataByPcidV1               | oem               | of 19 characters        |
        | getContractDataByPcidV1               | oem               | with a hyphen           |
        | getContractDataByPcidV1               | oem               | with an umlaut          |
        | getContractDataByPcidV1               | oem               | with a full-width digit |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | of 16 characters        |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | of 19 characters        |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | with a hyphen           |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | with an umlaut          |
        | getSignedContractDataByEmaidAndPcidV1 | oem               | with a full-width digit |
        | addSignedContractDataV1               | emsp with own pki | of 16 characters        |
        | addSignedContractDataV1               | emsp with own pki | of 19 characters        |
        | addSignedContractDataV1               | emsp with own pki | with a hyphen           |
        | addSignedContractDataV1               | emsp with own pki | with an umlaut          |
        | addSignedContractDataV1               | emsp with own pki | with a full-width digit |
        | setSignedContractDataAsDefaultV1      | oem               | of 16 characters        |
        | setSignedContractDataAsDefaultV1      | oem               | of 19 characters        |
        | setSignedContractDataAsDefaultV1      | oem               | with a hyphen           |
        | setSignedContractDataAsDefaultV1      | oem               | with an umlaut          |
        | setSignedContractDataAsDefaultV1      | oem               | with a full-width digit |

  Rule: The first three characters are the WMI, the last of 18 is a check digit [05_handling-of-ids.md § PCID…]

    @IDS-PCID-04
    Scenario Outline: The WMI decides whose it is
      Given a valid request of addProvisioningCertificateV1 about a PCID of <length> characters of the <owner>
      When the oem makes that request
      Then the answer is <status>

      Examples:
        | length | owner     | status     |
        | 17     | oem       | 200        |
        | 18     | oem       | 200        |
        | 17     | other oem | 403 or 400 |
        | 18     | other oem | 403 or 400 |

    @IDS-PCID-05
    Scenario Outline: Any check digit
      Given a valid request of addProvisioningCertificateV1 about a PCID of the oem that ends in "<check digit>"
      When the oem makes that request
      Then the request is served, or refused for its check digit as ERR-162 allows

      Examples:
        | check digit |
        | 0           |
        | 7           |
        | X           |

  Rule: Services agree on whether its letter case matters [05_handling-of-ids.md § PCID…; ERR-162]

    @IDS-PCID-03
    Scenario: Lower case
      Given a valid request of getContractDataByPcidV1 about something of the oem
      When the oem reads and looks up that PCID in lower case in every pool
      Then all pools find it, or none

  Rule: The provisioning certificate is issued to it [05_v2g-pki-services.md § OEM provisioning certificates]

    @IDS-PCID-06
    Scenario: The name of a provisioning certificate
      Given a valid request of getProvisioningCertificateV1 about something of the oem
      When the oem makes that request
      Then the certificate in the answer is issued to the PCID

    @IDS-PCID-06
    Scenario: The name of a provisioning certificate that the PKI issues
      Given a request for a certificate of the domain oem
      When the OEM sends that request
      Then the certificate issued is issued to the common name asked for
