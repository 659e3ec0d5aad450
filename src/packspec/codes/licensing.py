"""Codes of the room `licensing`: who may use what, on which machines, until when."""

CODES = {
    "licensing.malformed": (
        "License tokens, status lists, requests, receipts and pools are texts of three parts, signed as JOSE has it (JWS, compact "
        "form). This one is none: it was cut when it was copied, changed by hand, or is another kind of file. Get it again; nothing "
        "that is installed depends on it."
    ),
    "licensing.wrong-algorithm": (
        "Whatever concerns licenses is signed with ES256 (P-256 and SHA-256). A text that names another algorithm, none at all, or a "
        "shared secret is refused before anything in it is read: a forger would choose the algorithm that proves nothing."
    ),
    "licensing.wrong-type": (
        "Every signed text names its type, and each place takes one type only: a token where a token belongs, a receipt where a receipt "
        "does. A good signature over another type does not help, because it was given for something else."
    ),
    "licensing.unknown-key": (
        "The registry's offline keys vouch for the keys that sign licenses (trust/license-keys.json). This text is signed with a key "
        "that is not among them: it comes from another registry, or its key was withdrawn. While the registry can be reached, packctl "
        "license refresh gets a new one."
    ),
    "licensing.forged": (
        "The text names a key that counts, and is not what that key signed. Somebody changed it, perhaps to move an end or to raise a "
        "limit, or it was damaged. packctl license refresh gets it again from the registry."
    ),
    "licensing.lease-ended": (
        "An activation is a lease: it is renewed at each install while the registry can be reached, and ends by itself when it was not "
        "for so long as the plan allows (30 days, mostly). Then nothing new is installed under it. What is installed stays, can be "
        "used, and verifies. packctl license refresh renews it; a machine without network gets a license file (packctl license "
        "request)."
    ),
    "licensing.not-yet-valid": (
        "The token begins more than ten minutes after what the clock of this machine says. Almost always the clock is behind; packctl "
        "doctor compares it with the registry's."
    ),
    "licensing.other-registry": (
        "A license counts at the registry where it was sold. The token names another one, or was made for use at another one."
    ),
    "licensing.other-device": (
        "A token is bound to a key that was made on the machine that was activated, and that never leaves it. On another machine it "
        "proves nothing, so copying it, or the folder it lies in without the key, is of no use. Activate the license on this machine; "
        "if none of its machines is free, the refusal names those that are in use."
    ),
    "licensing.pool-over": (
        "A pool for a closed network holds places until a day, which is over. Nothing was taken in. Ask the registry that made it for "
        "another one; what is installed inside stays and verifies."
    ),
    "licensing.pool-taken": (
        "A pool file becomes one license of one account at the registry inside, however often it is brought in. This one belongs to "
        "another account there already."
    ),
    "licensing.proof-refused": (
        "Refreshing a license and fetching licensed files are signed by the key of the device, over the request, its path, its body and "
        "the time. This signature is for another request, or more than ten minutes off. Check the clock of this machine."
    ),
    "licensing.request-too-old": (
        "A request for a license file can be answered for 30 days. Make a new one on the machine without network with packctl license "
        "request."
    ),
    "licensing.revoked": (
        "The license was ended for ever: it was refunded, a payment was taken back, another license took its place, or an admin of the"
        " registry revoked it. Nothing new is installed under it, and its machines and seats are free. What is installed stays and "
        "verifies: losing a right never touches files."
    ),
    "licensing.suspended": (
        "The registry stopped the license, mostly while a payment is disputed. It can go on from one moment to the next, with its "
        "machines and seats as they were. Until then nothing new is installed under it."
    ),
    "licensing.pending": (
        "The license exists and does not run yet: it waits for a payment, for the yes of a guardian, for whoever it was given to, for "
        "its first machine, or for its first day. packctl license status tells for which."
    ),
    "licensing.cancelled": (
        "The holder cancelled the license, and its time is over. A cancelled license has no days of grace. It can be renewed; what is "
        "installed stays."
    ),
    "licensing.expired": (
        "The time of the license is over, and so are the days of grace after it. Nothing new is installed under it; what is installed "
        "stays and verifies. Renewing it adds to the old end, so nobody who pays late gets less than somebody who pays early."
    ),
    "licensing.not-covered": (
        "The pack is sold, and no license on this machine is for it. Activate one that you have, or get one; the plans stand on the "
        "pack's page and in packctl show."
    ),
    "licensing.not-here": (
        "Your account holds a license for the pack, and this machine has no place in it: a place, or first a seat, must be taken or become "
        "free. The message says what the license has left, and the command that takes it."
    ),
    "licensing.key-for-others": (
        "PACKCTL_LICENSE or PACKCTL_LICENSE_FILE holds the key of a license, and that license covers other packs than this one. A run "
        "has one key: a project with packs of several licenses needs a license for all of them, or a repository that its licenses name "
        "(packctl license ci add)."
    ),
    "licensing.version-not-covered": (
        "The plan that was sold covers a range of versions, such as ^2, and this version is outside of it. The resolver takes the "
        "highest version inside if the project allows it; a license of another plan covers more."
    ),
    "licensing.too-new": (
        "The license covers the releases that were published up to a certain day: until its updates end, or until it ended itself. "
        "Those stay covered for ever where it has no end. A newer one needs a renewed license or another plan."
    ),
    "licensing.early-access": (
        "A publisher may give a release first to the holders of licenses with the feature early-access, for as long as the release "
        "itself says. Everybody else gets it after that, without doing anything."
    ),
    "licensing.not-activated": (
        "There is a license for it, and this machine has no place of it: it was never activated here, or its place was given back. "
        "packctl license activate takes one."
    ),
    "licensing.illegal-event": (
        "What may happen to a license, and in which status, stands in one table (docs/spec/licenses.md): a license that is revoked "
        "cannot be renewed, a trial that is over cannot be converted, what stays with its holder cannot be transferred. The registry "
        "refuses whatever the table does not name, and nothing was changed."
    ),
    "licensing.malformed-key": (
        "A license key is six groups of five letters and digits. The letters I, L, O and U do not occur (what looks like them is read "
        "as 1 and 0), small letters are fine, and the last group has a check character for each of the five before it, so a typing "
        "error is told at once, and where to look. The key itself is never shown, sent in an address, or logged."
    ),
    "licensing.no-such-license": (
        "You have no license with this id, or no license here has this key. Licenses of other people are answered like those that do "
        "not exist. A key that passes the check of its groups and is still unknown belongs to another registry, or was replaced when "
        "the license was transferred."
    ),
    "licensing.no-such-activation": (
        "You have no activation with this id. Those of other people's licenses are answered like those that do not exist."
    ),
    "licensing.no-machine-left": (
        "All machines that the license covers are in use; the refusal names them. A machine that is not needed any more gives its "
        "place back with packctl license deactivate, at the machine or from another one; a place whose lease ended is free by itself. "
        "Nothing that is installed elsewhere stops working."
    ),
    "licensing.no-run-left": (
        "A plan covers so many CI runs at once. Each has a lease that ends by itself, six hours after it began at the latest, and a "
        "run that is repeated gets the lease that it has. Wait for another run to end, or get a plan with more."
    ),
    "licensing.no-seat-left": (
        "The license names persons, and all its seats are taken. Take one back from somebody who does not need it any more, or get "
        "more. Lowering the number of seats takes nobody's away: it only keeps new ones out."
    ),
    "licensing.member-not-seated": (
        "The license covers named persons. Whoever holds it gives the seats (packctl license seat add); with the key alone, and not "
        "logged in, nobody can know who you are."
    ),
    "licensing.domain-not-allowed": (
        "The plan names the domains where the pack may be used, such as example.org or *.example.org for every name below it. Name "
        "yours with --domain when you activate. What is declared is recorded, and not proven."
    ),
    "licensing.past-due": (
        "A payment for the license failed. Machines and persons that use it go on, so nobody's work stops over a bank's mistake; new "
        "ones are added when it is paid."
    ),
    "licensing.device-cloned": (
        "With each renewal a machine gets a word that it must say at the next one. This machine said an older one, so another machine "
        "with the same key has come back in between: its state was copied, or restored from a backup. The holder sees it in the "
        "license's history. Activating again gives this machine the thread back, and the other copy is the one that is told apart next"
        " time."
    ),
    "licensing.no-proof": (
        "To renew or give back an activation it takes the proof of its device, made with the key that only that machine has, or a "
        "login of whoever holds the license. Neither came with the request."
    ),
    "licensing.has-license": (
        "One account has one license for a pack that is not revoked. More time is a renewal, more persons or machines are a higher "
        "quantity, and another plan takes the place of the old one when it is issued. So no license is ever counted twice."
    ),
    "licensing.trial-taken": (
        "There is one trial for each account and pack, for ever: also after it ended, was revoked, or became a license. The plans that"
        " can be had stand in packctl show."
    ),
    "licensing.no-such-plan": (
        "The pack is not sold with a plan of that name. The first plans of a pack stand in its pack.toml ([pack] price, or [[plans]]);"
        " its publisher can change them at the registry later. packctl show lists what there is now."
    ),
    "licensing.bad-plan": (
        "A plan must make sense by itself: it is for one pack or says with covers for which, subscriptions and trials have a duration,"
        " only trials count from the first activation, and a plan of a publisher is for that publisher's own pack."
    ),
    "licensing.no-such-holder": (
        "A license is held by an account, and seats are for the members of accounts. Nobody here has this name, the account is "
        "suspended, or, for a family's license, it is not a child of that family."
    ),
    "licensing.not-yours": (
        "Admins of the registry issue and change licenses of all packs, the owners and maintainers of a publisher those of its own "
        "packs. Licenses for many packs at once are the registry's."
    ),
    "licensing.no-seats": ("The plan of this license counts machines and not persons, so there are no seats to give."),
    "licensing.bad-seat-list": (
        "A list of persons is CSV in UTF-8 with at most 10,000 lines. If its first line has a column called member, that one is read, "
        "else the first column of every line. Empty lines are passed over."
    ),
    "licensing.other-license": (
        "A request file names the pack, and sometimes the license, that it is for. The license that was to answer it is another one, "
        "or does not cover that pack."
    ),
    "licensing.request-used": (
        "A request file is answered by one activation. Handed in again it gives the same one, as long as that is held; when it was "
        "given back, the request is used up, so that a copy that somebody kept takes no place."
    ),
    "licensing.receipt-outdated": (
        "A receipt says that a machine gave its place back without network. This machine has been at the registry since, so it uses "
        "the license again, and the old receipt does not end that."
    ),
    "licensing.missing": (
        "Several packs that must be paid are to be installed, and this machine holds no license that covers them. All of them are told "
        "at once, before anything is downloaded, each with the command that gets it. packctl license activate gives this machine a "
        "place in a license that you hold or have the key of. What is installed stays as it is."
    ),
    "licensing.stale-status": (
        "The plan of this license asks for proof that it was not revoked, at most a day old: a status list that the registry signs. The "
        "newest one on this machine is older. packctl license refresh gets a new one while the registry can be reached. Only new files "
        "are refused; what is installed stays and verifies."
    ),
    "licensing.none-found": (
        "The account that is logged in holds no license for this pack. A license belongs to an account, and can be used by others only "
        "with its key: packctl license activate NAME --key-file FILE. packctl license list --remote shows the licenses of the account."
    ),
    "licensing.no-such-machine": (
        "A place in a license is given back by the label of its machine or the id of its activation, and none of those in use is called "
        "like that. The refusal names those that are."
    ),
    "licensing.near-end": (
        "The license can be used, and soon cannot: a payment is due, it ends within 14 days (packctl audit tells of that), or "
        "it is over and its days of grace run. In grace what pack.lock "
        "names is still installed, and nothing newer. A renewal goes on from the old end, so nothing is lost by it. With --strict "
        "packctl license status takes this for a failure."
    ),
    "licensing.wallet-broken": (
        "What this machine was given (license tokens, status lists, what the clock guard knows) lies in wallet.json in the folder of "
        "its licenses. packctl replaces it as a whole, so a disk fault, another program or a person changed it. Nothing is lost with "
        "it: the same machine gets its places back by activating each license again, as long as device.key is there."
    ),
    "licensing.device-key-lost": (
        "License tokens are bound to a key that was made on this machine, device.key in the folder of its licenses. It is gone while "
        "the tokens are there: the folder was copied from another machine without it, or the file was removed. Put it back from a "
        "backup; or remove the folder and activate again, which takes another place of each license until the old leases end."
    ),
    "licensing.seats-not-given": (
        "A file of persons is taken as a whole or not at all, so that nobody has to find out who got a seat and who did not. Every line "
        "that is wrong is named. With --dry-run nothing is changed, and all is told."
    ),
    "licensing.clock-back": (
        "The clock of this machine shows more than ten minutes less than a moment that somebody signed, or than that of the last run. "
        "Licenses are counted by the later time, so setting a clock back does not lengthen a lease. A clock that ran ahead once and was "
        "put right is believed again as soon as the registry was reached."
    ),
    "licensing.run-not-allowed": (
        "A run in CI showed who it is, and no license for this pack lets runs of its repository in. Whoever holds the license allows "
        "them with packctl license ci add, for all branches or one. The rule holds for the numbers that the CI gives repository and "
        "owner, from the first run on: whoever gets the name later, or the repository, must be allowed anew. Runs that test pull "
        "requests are left out unless the rule says otherwise, because anybody may open one. A license key in PACKCTL_LICENSE_FILE "
        "needs no rule."
    ),
    "licensing.no-such-issuer": (
        "The registry's operator lists the issuers whose identities of runs count (REGISTRY_OIDC_ISSUERS). The one that was named is "
        "not among them, or its kind fits several: then name its address."
    ),
    "licensing.bad-ci-rule": (
        "A rule names a repository as its CI does: OWNER/NAME at GitHub, the path of the project at GitLab, the subject of the "
        "identities of any other issuer; and a branch, or a ref such as refs/tags/v*, in which a star stands for any characters."
    ),
    "licensing.has-ci-rule": (
        "There is a rule for the same repository and ref that says otherwise about pull requests, or holds for other numbers. If the "
        "repository was deleted and made again, or given to another owner, remove the rule and add it anew."
    ),
    "licensing.too-many-ci-rules": (
        "A license has 100 rules for runs at most. Remove those of repositories that use it no more; a whole organization uses the "
        "license's key in a secret of the organization instead."
    ),
    "licensing.no-such-ci-rule": (
        "The license has no rule of that number; it may have been removed already. packctl license ci list shows those that there are."
    ),
}
