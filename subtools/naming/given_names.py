"""Characters of Chinese given names, in Simplified characters."""

from __future__ import annotations

# Source: the characters that are frequent in given names of all ages, from the reports on
# names of China's Ministry of Public Security (2019 to 2021) and of Taiwan's Ministry of the
# Interior (2018); without those that are mostly particles, pronouns, numbers or verbs of speech.
GIVEN_CHARACTERS = frozenset(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀霞平刚桂英华玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪"
    "荣爱妹香月"
    "莺媛瑞凡佳嘉琼勤珍贞莉叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉"
    "君琴蕊薇"
    "菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒"
    "伊亚宜可姬"
    "舒影荔枝思峰毅俊保东文辉力明永健世广志义兴良海山仁波贵福生龙元全国胜学祥才发武新利清飞彬"
    "富顺信子"
    "昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江"
    "浩亮政谦"
    "亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛雄琛钧冠策腾"
    "楠榕风航弘"
    "轩宇涵宥廷睿翊恩彦昱承均柏凯凱勋铭彤淑美惠雅芷芯妤萱妘蓁昀霖源沛谚钰玮珮筑妏渝芝琪皓丞诺"
    "桐妙依诗沐奕雯婧熙瑜璇珂珈桦棋欢昊阳威虎柱胖豆萌淼鑫焱垚森喆楷炜煜霆恺恒辛锋鸿颂琅瑛莹"
)
# What stands before one of them in a familiar form: 阿亮, 小芳.
PREFIXES = frozenset("阿小")
# Ordinary words of two such characters that people are not called by.
_NO_GIVEN_LIST = """
可以 可能 先生 学生 医生 新生 学会 国家 中国 美国 英国 德国 法国 大家 明天 今天 天天 时光 有时
有的 有心
文明 光明 文学 中文 英文 语文 中心 安全 平安 平时 和平 海洋 春天 秋天 夏天 冬天 明星 星星 学士
博士 女士
大学 中学 小学 文艺 艺文 新兴 天文 天生 成天 全天 中午 海军 军民 人民 民众 东海 东风 南海 上海
北海 山东
江山 山河 河山 海岸 青海 青春 明清 元旦 华东 华中 东北 生平 生意 天才 人才 才能 可爱 可怜 成家
发明 明白
发言 利益 胜利 顺利 信心 良心 爱心 安心 开心 中生 心思 思维 思想 意思 力学 医学 数学 化学 科学
文科 光学
小妹 小明星 小学生 小家 阿姨 小时 小心 小子 小姐 小孩 小说 小组 小区 小型 小米 小学 小龙虾 阿公
子子 家家
有利 有才 有力 有志 有信 行星 行政 行业 时时 全家 全国 全民 全心 全力 全新 以和 以有 以为 之中
之以 之有
成立 成功 成长 成本 建成 建立 生成 天和 中和 可行 可信 真可 若以 若有 先以 先有 和美 东亚 亚东
安会 会有
会以 会先 会和 时有 生有 学之 言之 新海 天可 健康 清明 明清 清新 政治 政府 政策 国会 学学 家会
文建 国策
"""
NO_GIVEN_NAMES = frozenset(_NO_GIVEN_LIST.split())
