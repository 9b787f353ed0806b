import Failures

// Here, since `Tools/conformance` builds the validator's files without the package's modules.
extension DecodeFailure: ExplainedError {}
