"""Prints name and shape of every parameter of a configuration's network, as nnU-Net builds it from plans.

pip install nnunetv2
python -m lss_training nnunet-tensors nnUNetPlans.json 3d_fullres 1 21
"""

from __future__ import annotations


def add_arguments(p):
    p.add_argument("plans")
    p.add_argument("configuration")
    p.add_argument("channels", type=int)
    p.add_argument("heads", type=int)


def run(a):
    from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
    from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

    arch = PlansManager(a.plans).get_configuration(a.configuration).configuration["architecture"]
    net = get_network_from_plans(
        arch["network_class_name"],
        arch["arch_kwargs"],
        arch["_kw_requires_import"],
        a.channels,
        a.heads,
        True,
        deep_supervision=True,
    )
    for name, parameter in net.named_parameters():
        print(name, *parameter.shape)
