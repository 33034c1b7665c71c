"""A phone in the browser and the platforms' doubles, for the demo and the tests.

The doubles are as strict as the platforms are known to be: one kinder than its platform is a bug.
Nothing here is ever part of production: `sandbox.serve` refuses to start there.
"""
