@mutates
Feature: Interface: requests to the RCP with one flaw
  Whether each operation of the Root Certificate Pool refuses a request in which one member, parameter or
  header is missing or wrong.

  Rule: What must be there is refused where it is not right [rootCertificate.v1.json#/required; pkiTypeParam.v1.json#/enum]

    Scenario Outline: A flaw in what must be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request is refused with 400

      Examples:
        # table: flaws_refused of rcp
        | requirement | operation             | party         | place         | flaw                   |
        | RCP-LIST-07 | getRootCertificatesV1 | oem           | pkiType       | outside the vocabulary |
        | RCP-PUT-03  | putRootCertificateV1  | administrator | caCertificate | missing                |
        | RCP-PUT-04  | putRootCertificateV1  | administrator | caCertificate | null                   |
        | RCP-PUT-04  | putRootCertificateV1  | administrator | caCertificate | a number               |
        | RCP-PUT-04  | putRootCertificateV1  | administrator | caCertificate | empty                  |
        | RCP-PUT-04  | putRootCertificateV1  | administrator | caCertificate | too long               |
        | RCP-PUT-04  | putRootCertificateV1  | administrator | caCertificate | of another form        |

  Rule: What need not be there is refused as well where it is not right [components/schemas; components/parameters]

    Scenario Outline: A flaw in what need not be there
      Given a valid request of <operation> about something of the <party>
      When the <party> makes that request, but <place> is <flaw>
      Then the request should be refused with 400

      Examples:
        # table: flaws_noted of rcp
        | requirement   | operation            | party         | place                      | flaw                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootCertificateId          | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootCertificateId          | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootCertificateId          | empty                  |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootCertificateId          | of another form        |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | distinguishedName          | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | distinguishedName          | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootCtlList                | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootCtlList                | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | an entry of rootCtlList    | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | an entry of rootCtlList    | outside the vocabulary |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootTypeList               | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootTypeList               | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | an entry of rootTypeList   | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | an entry of rootTypeList   | outside the vocabulary |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootType                   | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootType                   | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | an entry of rootType       | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | an entry of rootType       | outside the vocabulary |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | commonName                 | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | commonName                 | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootAuthorityKeyIdentifier | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootAuthorityKeyIdentifier | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootIssuerSerialNumber     | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | rootIssuerSerialNumber     | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validFrom                  | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validFrom                  | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validFrom                  | empty                  |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validFrom                  | of another form        |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validTo                    | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validTo                    | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validTo                    | empty                  |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | validTo                    | of another form        |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | organizationName           | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | organizationName           | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | certificateRevocationList  | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | certificateRevocationList  | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | crossCertificatePair       | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | crossCertificatePair       | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | labeledUri                 | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | labeledUri                 | a number               |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | fingerprint                | null                   |
        | SYS-SCHEMA-02 | putRootCertificateV1 | administrator | fingerprint                | a number               |
