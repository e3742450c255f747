@mutates
Feature: Authentication: rights at the PCP
  Whether each operation of the Provisioning Certificate Pool serves the roles that the table of rights
  names, and refuses the others and whoever does not authenticate.

  Rule: A party that has the right is served [04_authentication.md § Roles&Rights]

    Scenario Outline: A party with the right
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served

      Examples:
        # table: granted of pcp
        | requirement                                          | operation                       | party             |
        | AUTH-ROLE-PCP-AddProvisioningCertificate-OEM         | addProvisioningCertificateV1    | oem               |
        | AUTH-ROLE-PCP-DeleteProvisioningCertificate-OEM      | deleteProvisioningCertificateV1 | oem               |
        | AUTH-ROLE-PCP-GetProvisioningCertificate-OEM         | getProvisioningCertificateV1    | oem               |
        | AUTH-ROLE-PCP-GetProvisioningCertificate-EMSP-OWNPKI | getProvisioningCertificateV1    | emsp with own pki |
        | AUTH-ROLE-PCP-GetProvisioningCertificate-EMSP-V2GPKI | getProvisioningCertificateV1    | emsp              |
        | AUTH-ROLE-PCP-lookupVehicle-OEM                      | lookupVehicleV1                 | oem               |
        | AUTH-ROLE-PCP-lookupVehicle-EMSP-OWNPKI              | lookupVehicleV1                 | emsp with own pki |
        | AUTH-ROLE-PCP-lookupVehicle-EMSP-V2GPKI              | lookupVehicleV1                 | emsp              |

    Scenario Outline: A party with the right by the cell of the table alone
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served, or refused as the grant column has it (ERR-151)

      Examples:
        # table: granted by the cell of pcp
        | requirement                                  | operation                    | party |
        | AUTH-ROLE-PCP-GetProvisioningCertificate-CPS | getProvisioningCertificateV1 | cps   |
        | AUTH-ROLE-PCP-lookupVehicle-CPS              | lookupVehicleV1              | cps   |

  Rule: A party that does not have the right is refused, and nothing happens [04_authentication.md § Roles&Rights]

    Scenario Outline: A party without the right
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the request is refused, for the party has no right to it
      And its state is unchanged

      Examples:
        # table: refused of pcp
        | requirement                                             | operation                       | party             |
        | AUTH-ROLE-PCP-AddProvisioningCertificate-CPO            | addProvisioningCertificateV1    | cpo               |
        | AUTH-ROLE-PCP-AddProvisioningCertificate-EMSP-OWNPKI    | addProvisioningCertificateV1    | emsp with own pki |
        | AUTH-ROLE-PCP-AddProvisioningCertificate-EMSP-V2GPKI    | addProvisioningCertificateV1    | emsp              |
        | AUTH-ROLE-PCP-AddProvisioningCertificate-CPS            | addProvisioningCertificateV1    | cps               |
        | AUTH-ROLE-PCP-DeleteProvisioningCertificate-CPO         | deleteProvisioningCertificateV1 | cpo               |
        | AUTH-ROLE-PCP-DeleteProvisioningCertificate-EMSP-OWNPKI | deleteProvisioningCertificateV1 | emsp with own pki |
        | AUTH-ROLE-PCP-DeleteProvisioningCertificate-EMSP-V2GPKI | deleteProvisioningCertificateV1 | emsp              |
        | AUTH-ROLE-PCP-DeleteProvisioningCertificate-CPS         | deleteProvisioningCertificateV1 | cps               |
        | AUTH-ROLE-PCP-GetProvisioningCertificate-CPO            | getProvisioningCertificateV1    | cpo               |
        | AUTH-ROLE-PCP-lookupVehicle-CPO                         | lookupVehicleV1                 | cpo               |

  Rule: Whoever does not authenticate is refused, and nothing happens [04_authentication.md § Authentication]

    Scenario Outline: Without credentials
      Given a valid request of <operation>
      And the state of its service
      When somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401
      And its state is unchanged

      Examples:
        # table: anonymous of pcp
        | requirement                                | operation                       |
        | AUTH-401-PCP-addProvisioningCertificate    | addProvisioningCertificateV1    |
        | AUTH-401-PCP-getProvisioningCertificate    | getProvisioningCertificateV1    |
        | AUTH-401-PCP-deleteProvisioningCertificate | deleteProvisioningCertificateV1 |
        | AUTH-401-PCP-lookupVehicle                 | lookupVehicleV1                 |
