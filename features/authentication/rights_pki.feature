@mutates
Feature: Authentication: rights at the PKI services
  Whether enrolment, CA certificates and revocation serve the roles that the table of rights names for the
  domain, and refuse the others and whoever does not authenticate.

  Rule: A party that has the right is served [04_authentication.md § Roles&Rights]

    Scenario Outline: A party with the right
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served

      Examples:
        # table: granted of pki
        | requirement                                 | operation                   | party |
        | AUTH-ROLE-PKI-simpleEnroll-OEM-OEM          | simpleEnrollCertV1 for oem  | oem   |
        | AUTH-ROLE-PKI-caCerts-OEM-OEM               | getCaCertsV1 for oem        | oem   |
        | AUTH-ROLE-PKI-simpleEnroll-CPO-CPO          | simpleEnrollCertV1 for cpo  | cpo   |
        | AUTH-ROLE-PKI-caCerts-CPO-CPO               | getCaCertsV1 for cpo        | cpo   |
        | AUTH-ROLE-PKI-simpleEnroll-eMSP-EMSP-V2GPKI | simpleEnrollCertV1 for emsp | emsp  |
        | AUTH-ROLE-PKI-caCerts-eMSP-EMSP-V2GPKI      | getCaCertsV1 for emsp       | emsp  |
        | AUTH-ROLE-PKI-simpleEnroll-CPS-CPS          | simpleEnrollCertV1 for cps  | cps   |
        | AUTH-ROLE-PKI-caCerts-CPS-CPS               | getCaCertsV1 for cps        | cps   |
        | AUTH-ROLE-PKI-revokeCert-OEM                | revokeCertV1                | oem   |
        | AUTH-ROLE-PKI-revokeCert-CPO                | revokeCertV1                | cpo   |
        | AUTH-ROLE-PKI-revokeCert-EMSP-V2GPKI        | revokeCertV1                | emsp  |

    Scenario Outline: A party with the right by the cell of the table alone
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served, or refused as the grant column has it (ERR-151)

      Examples:
        # table: granted by the cell of pki
        | requirement                                | operation                  | party |
        | AUTH-ROLE-PKI-simpleEnroll-CPS-EMSP-V2GPKI | simpleEnrollCertV1 for cps | emsp  |
        | AUTH-ROLE-PKI-caCerts-CPS-EMSP-V2GPKI      | getCaCertsV1 for cps       | emsp  |

  Rule: A party that does not have the right is refused, and nothing happens [04_authentication.md § Roles&Rights]

    Scenario Outline: A party without the right
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the request is refused, for the party has no right to it
      And its state is unchanged

      Examples:
        # table: refused of pki
        | requirement                                 | operation                   | party             |
        | AUTH-ROLE-PKI-simpleEnroll-OEM-CPO          | simpleEnrollCertV1 for oem  | cpo               |
        | AUTH-ROLE-PKI-simpleEnroll-OEM-EMSP-OWNPKI  | simpleEnrollCertV1 for oem  | emsp with own pki |
        | AUTH-ROLE-PKI-simpleEnroll-OEM-EMSP-V2GPKI  | simpleEnrollCertV1 for oem  | emsp              |
        | AUTH-ROLE-PKI-simpleEnroll-OEM-CPS          | simpleEnrollCertV1 for oem  | cps               |
        | AUTH-ROLE-PKI-simpleEnroll-CPO-OEM          | simpleEnrollCertV1 for cpo  | oem               |
        | AUTH-ROLE-PKI-simpleEnroll-CPO-EMSP-OWNPKI  | simpleEnrollCertV1 for cpo  | emsp with own pki |
        | AUTH-ROLE-PKI-simpleEnroll-CPO-EMSP-V2GPKI  | simpleEnrollCertV1 for cpo  | emsp              |
        | AUTH-ROLE-PKI-simpleEnroll-CPO-CPS          | simpleEnrollCertV1 for cpo  | cps               |
        | AUTH-ROLE-PKI-simpleEnroll-eMSP-OEM         | simpleEnrollCertV1 for emsp | oem               |
        | AUTH-ROLE-PKI-simpleEnroll-eMSP-CPO         | simpleEnrollCertV1 for emsp | cpo               |
        | AUTH-ROLE-PKI-simpleEnroll-eMSP-EMSP-OWNPKI | simpleEnrollCertV1 for emsp | emsp with own pki |
        | AUTH-ROLE-PKI-simpleEnroll-eMSP-CPS         | simpleEnrollCertV1 for emsp | cps               |
        | AUTH-ROLE-PKI-simpleEnroll-CPS-OEM          | simpleEnrollCertV1 for cps  | oem               |
        | AUTH-ROLE-PKI-simpleEnroll-CPS-CPO          | simpleEnrollCertV1 for cps  | cpo               |
        | AUTH-ROLE-PKI-simpleEnroll-CPS-EMSP-OWNPKI  | simpleEnrollCertV1 for cps  | emsp with own pki |
        | AUTH-ROLE-PKI-revokeCert-CPS                | revokeCertV1                | cps               |

    Scenario Outline: A party without the right to CA certificates
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 403, or the CA certificates are open to everybody as ERR-103 allows
      And its state is unchanged

      Examples:
        # table: refused unless open of pki
        | requirement                            | operation             | party             |
        | AUTH-ROLE-PKI-caCerts-OEM-CPO          | getCaCertsV1 for oem  | cpo               |
        | AUTH-ROLE-PKI-caCerts-OEM-EMSP-OWNPKI  | getCaCertsV1 for oem  | emsp with own pki |
        | AUTH-ROLE-PKI-caCerts-OEM-EMSP-V2GPKI  | getCaCertsV1 for oem  | emsp              |
        | AUTH-ROLE-PKI-caCerts-OEM-CPS          | getCaCertsV1 for oem  | cps               |
        | AUTH-ROLE-PKI-caCerts-CPO-OEM          | getCaCertsV1 for cpo  | oem               |
        | AUTH-ROLE-PKI-caCerts-CPO-EMSP-OWNPKI  | getCaCertsV1 for cpo  | emsp with own pki |
        | AUTH-ROLE-PKI-caCerts-CPO-EMSP-V2GPKI  | getCaCertsV1 for cpo  | emsp              |
        | AUTH-ROLE-PKI-caCerts-CPO-CPS          | getCaCertsV1 for cpo  | cps               |
        | AUTH-ROLE-PKI-caCerts-eMSP-OEM         | getCaCertsV1 for emsp | oem               |
        | AUTH-ROLE-PKI-caCerts-eMSP-CPO         | getCaCertsV1 for emsp | cpo               |
        | AUTH-ROLE-PKI-caCerts-eMSP-EMSP-OWNPKI | getCaCertsV1 for emsp | emsp with own pki |
        | AUTH-ROLE-PKI-caCerts-eMSP-CPS         | getCaCertsV1 for emsp | cps               |
        | AUTH-ROLE-PKI-caCerts-CPS-OEM          | getCaCertsV1 for cps  | oem               |
        | AUTH-ROLE-PKI-caCerts-CPS-CPO          | getCaCertsV1 for cps  | cpo               |
        | AUTH-ROLE-PKI-caCerts-CPS-EMSP-OWNPKI  | getCaCertsV1 for cps  | emsp with own pki |

    Scenario Outline: A party without the right by the cell of the table alone
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the request is refused, or served as the grant column has it (ERR-151)
      And its state is unchanged where it was refused

      Examples:
        # table: refused by the cell of pki
        | requirement                          | operation    | party             |
        | AUTH-ROLE-PKI-revokeCert-EMSP-OWNPKI | revokeCertV1 | emsp with own pki |

  Rule: Whoever does not authenticate is refused, and nothing happens [04_authentication.md § Authentication]

    Scenario Outline: Without credentials
      Given a valid request of <operation>
      And the state of its service
      When somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401
      And its state is unchanged

      Examples:
        # table: anonymous of pki
        | requirement                   | operation                  |
        | AUTH-401-PKI-simpleEnrollCert | simpleEnrollCertV1 for oem |
        | AUTH-401-PKI-revokeCert       | revokeCertV1               |

    Scenario Outline: CA certificates without credentials
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401, or the CA certificates are open to everybody as ERR-103 allows
      And its state is unchanged

      Examples:
        # table: anonymous unless open of pki
        | requirement             | operation            | party |
        | AUTH-401-PKI-getCaCerts | getCaCertsV1 for oem | cps   |
