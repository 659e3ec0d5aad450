"""What the offline keys sign, on its way from the server to the machines where they lie and back (docs/spec/ceremony.md).

    preparing   on the server: the next root, targets and index, and trust files, in one document
    signing     on each machine with an offline key: what the document says, in sentences; a signature
    entering    on the server: into the log and to readers, if enough keys have signed
    ends        on the server: what ends when, and what else is wrong with the keys

The document is `document.CeremonyDocument`, a file that people carry.
"""
