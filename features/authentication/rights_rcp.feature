Feature: Authentication: rights at the RCP
  Whether each operation of the Root Certificate Pool serves the roles that the table of rights names, and
  refuses the others and whoever does not authenticate.

  Rule: A party that has the right is served [04_authentication.md § Roles&Rights]

    Scenario Outline: A party with the right
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served

      Examples:
        # table: granted of rcp
        | requirement                                   | operation             | party             |
        | AUTH-ROLE-RCP-GetRootCertificate-OEM          | getRootCertificateV1  | oem               |
        | AUTH-ROLE-RCP-GetRootCertificate-CPO          | getRootCertificateV1  | cpo               |
        | AUTH-ROLE-RCP-GetRootCertificate-EMSP-OWNPKI  | getRootCertificateV1  | emsp with own pki |
        | AUTH-ROLE-RCP-GetRootCertificate-EMSP-V2GPKI  | getRootCertificateV1  | emsp              |
        | AUTH-ROLE-RCP-GetRootCertificates-OEM         | getRootCertificatesV1 | oem               |
        | AUTH-ROLE-RCP-GetRootCertificates-CPO         | getRootCertificatesV1 | cpo               |
        | AUTH-ROLE-RCP-GetRootCertificates-EMSP-OWNPKI | getRootCertificatesV1 | emsp with own pki |
        | AUTH-ROLE-RCP-GetRootCertificates-EMSP-V2GPKI | getRootCertificatesV1 | emsp              |

      @needs.admin @mutates
      Examples: The administrator
        # table: administrator of rcp
        | requirement     | operation               | party         |
        | AUTH-ROLE-ADMIN | deleteRootCertificateV1 | administrator |
        | AUTH-ROLE-ADMIN | putRootCertificateV1    | administrator |

    Scenario Outline: A party with the right by the cell of the table alone
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request
      Then the request is served, or refused as the grant column has it (ERR-151)

      Examples:
        # table: granted by the cell of rcp
        | requirement                           | operation             | party |
        | AUTH-ROLE-RCP-GetRootCertificate-CPS  | getRootCertificateV1  | cps   |
        | AUTH-ROLE-RCP-GetRootCertificates-CPS | getRootCertificatesV1 | cps   |

  Rule: A party that does not have the right is refused, and nothing happens [04_authentication.md § Roles&Rights]

    Scenario Outline: A party without the right
      Given a valid request of <operation>
      And the state of its service
      When the <party> makes that request
      And the service is looked at again
      Then the answer is 403, or another refusal of what is the administrator's (ERR-014)
      And its state is unchanged

      Examples:
        # table: refused of rcp
        | requirement                                     | operation               | party             |
        | AUTH-ROLE-RCP-DeleteRootCertificate-OEM         | deleteRootCertificateV1 | oem               |
        | AUTH-ROLE-RCP-DeleteRootCertificate-CPO         | deleteRootCertificateV1 | cpo               |
        | AUTH-ROLE-RCP-DeleteRootCertificate-EMSP-OWNPKI | deleteRootCertificateV1 | emsp with own pki |
        | AUTH-ROLE-RCP-DeleteRootCertificate-EMSP-V2GPKI | deleteRootCertificateV1 | emsp              |
        | AUTH-ROLE-RCP-DeleteRootCertificate-CPS         | deleteRootCertificateV1 | cps               |
        | AUTH-ROLE-RCP-PutRootCertificate-OEM            | putRootCertificateV1    | oem               |
        | AUTH-ROLE-RCP-PutRootCertificate-CPO            | putRootCertificateV1    | cpo               |
        | AUTH-ROLE-RCP-PutRootCertificate-EMSP-OWNPKI    | putRootCertificateV1    | emsp with own pki |
        | AUTH-ROLE-RCP-PutRootCertificate-EMSP-V2GPKI    | putRootCertificateV1    | emsp              |
        | AUTH-ROLE-RCP-PutRootCertificate-CPS            | putRootCertificateV1    | cps               |

  Rule: Whoever does not authenticate is refused, and nothing happens [04_authentication.md § Authentication]

    Scenario Outline: Without credentials
      Given a valid request of <operation>
      And the state of its service
      When somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401
      And its state is unchanged

      Examples:
        # table: anonymous of rcp
        | requirement                      | operation             |
        | AUTH-401-RCP-getRootCertificate  | getRootCertificateV1  |
        | AUTH-401-RCP-getRootCertificates | getRootCertificatesV1 |

    Scenario Outline: Writing without credentials
      Given a valid request of <operation>
      And the state of its service
      When somebody without credentials makes that request
      And the service is looked at again
      Then the answer is 401, or another refusal of what is the administrator's (ERR-014)
      And its state is unchanged

      Examples:
        # table: anonymous administration of rcp
        | requirement                        | operation               |
        | AUTH-401-RCP-putRootCertificate    | putRootCertificateV1    |
        | AUTH-401-RCP-deleteRootCertificate | deleteRootCertificateV1 |
