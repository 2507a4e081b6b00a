"""The commands of the wire's readers and operators."""
